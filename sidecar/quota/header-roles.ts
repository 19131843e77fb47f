/** What the names of the `x-codex-*` limit headers mean (codex-wire 2.9). */
import { headerFamilyId } from './limit-families';

export type SlotName = 'primary' | 'secondary';
export type SlotField = 'used' | 'minutes' | 'at' | 'after';
export type PlainField = 'plan' | 'active' | 'hasCredits' | 'unlimited' | 'balance' | 'reachedType';

/** What a header's name means. One object per distinct name, so that comparing objects compares names. */
export type HeaderRole =
  | { readonly kind: 'plain'; readonly name: string; readonly field: PlainField }
  | { readonly kind: 'limitName'; readonly name: string; readonly family: string }
  | {
      readonly kind: 'window';
      readonly name: string;
      readonly family: string;
      readonly slot: SlotName;
      readonly field: SlotField;
    };

const PREFIX = 'x-codex-';
const SHORTEST_NAME = 'x-codex-plan-type'.length;
const LONGEST_NAME = 128;
/** Names are few; a peer that invents new ones must not fill the memory. */
const MAX_KNOWN_NAMES = 512;

const PLAIN: ReadonlyMap<string, PlainField> = new Map([
  ['plan-type', 'plan'],
  ['active-limit', 'active'],
  ['credits-has-credits', 'hasCredits'],
  ['credits-unlimited', 'unlimited'],
  ['credits-balance', 'balance'],
  ['rate-limit-reached-type', 'reachedType'],
]);

const SLOT_SUFFIXES: readonly (readonly [suffix: string, slot: SlotName, field: SlotField])[] = (
  [
    ['used-percent', 'used'],
    ['window-minutes', 'minutes'],
    ['reset-at', 'at'],
    ['reset-after-seconds', 'after'],
  ] as const
).flatMap(([suffix, field]) => [
  [`primary-${suffix}`, 'primary', field] as const,
  [`secondary-${suffix}`, 'secondary', field] as const,
]);
const LIMIT_NAME = 'limit-name';

/** Remembers what names mean, so that a known name costs one look-up. */
export class HeaderRoles {
  readonly #known = new Map<string, HeaderRole | null>();

  /** `null` = the header says nothing of limits. */
  of(name: string): HeaderRole | null {
    // Most names end here: `x-codex-…` and not `x-request-id`.
    if (name.length < SHORTEST_NAME || name.length > LONGEST_NAME || !mayBeCodex(name)) return null;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const role = roleOfName(name.toLowerCase());
    if (this.#known.size < MAX_KNOWN_NAMES) this.#known.set(name, role);
    return role;
  }
}

/** Cheap look at `x-c` in either case. */
function mayBeCodex(name: string): boolean {
  return (name.charCodeAt(0) | 0x20) === 0x78 && name.charCodeAt(1) === 0x2d && (name.charCodeAt(2) | 0x20) === 0x63;
}

/** Seconds until a reset: another number in every answer. */
export function isCountdown(role: HeaderRole): boolean {
  return role.kind === 'window' && role.field === 'after';
}

function roleOfName(name: string): HeaderRole | null {
  if (!name.startsWith(PREFIX)) return null;
  const rest = name.slice(PREFIX.length);
  const plain = PLAIN.get(rest);
  if (plain !== undefined) return { kind: 'plain', name, field: plain };
  for (const [suffix, slot, field] of SLOT_SUFFIXES) {
    const infix = infixBefore(rest, suffix);
    if (infix !== null) return { kind: 'window', name, family: headerFamilyId(infix), slot, field };
  }
  const infix = infixBefore(rest, LIMIT_NAME);
  return infix === null ? null : { kind: 'limitName', name, family: headerFamilyId(infix) };
}

/** `bengalfox` of `bengalfox-primary-used-percent`, empty when there is nothing before the suffix. */
function infixBefore(rest: string, suffix: string): string | null {
  if (rest === suffix) return '';
  if (!rest.endsWith(suffix) || rest.charCodeAt(rest.length - suffix.length - 1) !== 0x2d /* - */) return null;
  return rest.slice(0, rest.length - suffix.length - 1);
}
