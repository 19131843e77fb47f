/**
 * Reads the `x-codex-*` limits out of the flat header list of an upstream answer (codex-wire 2.9). Every answer passes
 * here, so a list that says what the last one said costs one walk over it and nothing else.
 */
import { numberOf, textOf } from './json-fields';
import {
  HeaderRoles,
  isCountdown,
  type HeaderRole,
  type PlainField,
  type SlotField,
  type SlotName,
} from './header-roles';
import { ACCOUNT_FAMILY, chargedFamily } from './limit-families';
import {
  onePerClass,
  readCredits,
  readPlan,
  readWindow,
  type CreditsFacts,
  type FamilyReport,
  type QuotaReport,
  type RawWindow,
  type WindowFacts,
} from './quota-report';

/** Limits and windows of one answer: more headers than this are not read. */
const MAX_HEADERS = 128;
const MAX_VALUE_CHARS = 256;
const MAX_NAME_CHARS = 64;

/** What one account's headers said last. Owned by the account, filled by the reader. */
export class HeaderMemory {
  roles: HeaderRole[] = [];
  values: string[] = [];

  /** The remembered headers as name and value, in their order. */
  pairs(): (readonly [name: string, value: string])[] {
    return this.roles.map((role, i) => [role.name, this.values[i] ?? '']);
  }
}

export class HeaderReader {
  readonly #roles = new HeaderRoles();

  /**
   * Whether the list says anything else than `memory`, which then holds what it says now. The seconds until a reset are
   * left out of the comparison: they count down.
   */
  hasNews(rawHeaders: readonly string[], memory: HeaderMemory): boolean {
    let matched = 0;
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
      const role = this.#roles.of(rawHeaders[i] ?? '');
      if (role === null || isCountdown(role)) continue;
      if (memory.roles[matched] !== role || memory.values[matched] !== rawHeaders[i + 1]) {
        this.#remember(rawHeaders, memory);
        return true;
      }
      matched += 1;
      if (matched === MAX_HEADERS) return false;
    }
    if (matched === memory.roles.length) return false;
    // An answer without any limits takes nothing back.
    if (matched === 0) return false;
    this.#remember(rawHeaders, memory);
    return true;
  }

  /** What the list says, `null` when nothing of limits. */
  read(rawHeaders: readonly string[], nowMs: number): QuotaReport | null {
    return this.#collect(rawHeaders)?.report(nowMs) ?? null;
  }

  /** The limit that an answer was charged to or refused by; `null` when it says nothing of limits. */
  charged(rawHeaders: readonly string[]): string | null {
    return this.#collect(rawHeaders)?.charged() ?? null;
  }

  #collect(rawHeaders: readonly string[]): Collected | null {
    const collected = new Collected();
    let found = 0;
    for (let i = 0; i + 1 < rawHeaders.length && found < MAX_HEADERS; i += 2) {
      const role = this.#roles.of(rawHeaders[i] ?? '');
      if (role === null) continue;
      found += 1;
      collected.take(role, rawHeaders[i + 1] ?? '');
    }
    return found === 0 ? null : collected;
  }

  #remember(rawHeaders: readonly string[], memory: HeaderMemory): void {
    memory.roles = [];
    memory.values = [];
    for (let i = 0; i + 1 < rawHeaders.length && memory.roles.length < MAX_HEADERS; i += 2) {
      const role = this.#roles.of(rawHeaders[i] ?? '');
      if (role === null || isCountdown(role)) continue;
      memory.roles.push(role);
      memory.values.push(rawHeaders[i + 1] ?? '');
    }
  }
}

/** Headers of one answer on their way to a report. */
class Collected {
  readonly #plain = new Map<PlainField, string>();
  readonly #names = new Map<string, string>();
  readonly #slots = new Map<string, Map<SlotName, Map<SlotField, string>>>();

  take(role: HeaderRole, rawValue: string): void {
    const value = rawValue.slice(0, MAX_VALUE_CHARS).trim();
    if (role.kind === 'plain') this.#plain.set(role.field, value);
    else if (role.kind === 'limitName') this.#names.set(role.family, value);
    else {
      const family = this.#slots.get(role.family) ?? new Map<SlotName, Map<SlotField, string>>();
      this.#slots.set(role.family, family);
      const slot = family.get(role.slot) ?? new Map<SlotField, string>();
      family.set(role.slot, slot.set(role.field, value));
    }
  }

  /** `null` when nothing tells. */
  charged(): string | null {
    const active = this.#plain.get('active') ?? null;
    if (active === null && !this.#slots.has(ACCOUNT_FAMILY)) return null;
    return chargedFamily(active, (id) => this.#slots.has(id));
  }

  report(nowMs: number): QuotaReport {
    return {
      source: 'headers',
      observedAtMs: nowMs,
      planType: readPlan(this.#plain.get('plan')),
      credits: this.#credits(),
      spendingStopped: null,
      families: this.#families(nowMs),
      complete: false,
    };
  }

  #credits(): CreditsFacts | null {
    const plain = this.#plain;
    return readCredits(plain.get('hasCredits'), plain.get('unlimited'), plain.get('balance'));
  }

  #families(nowMs: number): FamilyReport[] {
    const charged = this.charged();
    const families: FamilyReport[] = [];
    for (const [id, slots] of this.#slots) {
      // What stands without infix repeats the limit the turn was charged to; its own headers are as good and have a name.
      const owner = id === ACCOUNT_FAMILY ? (charged ?? id) : id;
      if (owner !== id && this.#slots.has(owner)) continue;
      families.push({
        id: owner,
        name: textOf(this.#names.get(owner), MAX_NAME_CHARS),
        windows: onePerClass([readSlot(slots.get('primary'), nowMs), readSlot(slots.get('secondary'), nowMs)]),
        complete: isMentioned(slots.get('primary')) && isMentioned(slots.get('secondary')),
        reached: null,
      });
    }
    return families;
  }
}

function isMentioned(slot: ReadonlyMap<SlotField, string> | undefined): boolean {
  return slot !== undefined && (slot.has('used') || slot.has('minutes'));
}

function readSlot(slot: ReadonlyMap<SlotField, string> | undefined, nowMs: number): WindowFacts | null {
  if (slot === undefined) return null;
  const minutes = numberOf(slot.get('minutes'));
  const raw: RawWindow = {
    usedPercent: slot.get('used'),
    windowSeconds: minutes === null ? null : minutes * 60,
    resetAt: slot.get('at'),
    resetAfterSeconds: slot.get('after'),
  };
  return readWindow(raw, nowMs);
}
