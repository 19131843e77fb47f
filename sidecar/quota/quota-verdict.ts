/**
 * What an account's limits mean for a request. A snapshot is judged once, when it changes; asking is then a comparison
 * with the clock, so an account comes back by itself when its reset passes.
 */
import type { WindowClass } from '../contract/quota';
import { ACCOUNT_FAMILY, gatedModels, isGated } from './limit-families';
import type { CreditsFacts } from './quota-report';
import { familyOf, type FamilySnapshot, type QuotaSnapshot, type Refusal, type WindowReading } from './quota-snapshot';

export interface LimitedVerdict {
  readonly kind: 'limited';
  /** The window that ends last. */
  readonly class: WindowClass;
  /** UTC ms: from then on the account counts as usable again. */
  readonly untilMs: number;
  readonly reason: string;
}

export type QuotaVerdict = { readonly kind: 'usable' } | { readonly kind: 'unknown' } | LimitedVerdict;

const USABLE: QuotaVerdict = Object.freeze({ kind: 'usable' });
const UNKNOWN: QuotaVerdict = Object.freeze({ kind: 'unknown' });

/** A full limit whose reset is not known is looked at again after this. */
export const HOLD_WITHOUT_RESET_MS = 900_000;
/** An account with credits that was refused all the same is tried again after this. */
const CREDITS_RETRY_MS = 900_000;
const FULL_PERCENT = 100;

/** One limit, judged. */
interface Gate {
  readonly limited: LimitedVerdict | null;
  readonly otherwise: QuotaVerdict;
}

/** A snapshot, judged. */
export interface Judgement {
  readonly account: Gate;
  /** Limits of single models. */
  readonly models: readonly { readonly prefix: string; readonly gate: Gate }[];
}

/** Judges a snapshot. */
export function judge(snapshot: QuotaSnapshot): Judgement {
  const account = accountGate(snapshot);
  const models = snapshot.families
    .filter(({ id }) => id !== ACCOUNT_FAMILY)
    .flatMap((family) => {
      const gate = family.needsAccount ? stricter(familyGate(family), account) : familyGate(family);
      return gatedModels(family.id, family.name?.value ?? null).map((prefix) => ({ prefix, gate }));
    });
  return Object.freeze({ account, models });
}

/**
 * Whether the limits let an account serve a model now. A model with a limit of its own is gated by that one alone; every
 * other one by the account's. `null` = any model without a limit of its own.
 */
export function verdictAt(judgement: Judgement, model: string | null, nowMs: number): QuotaVerdict {
  const gate = gateFor(judgement, model);
  return gate.limited !== null && nowMs < gate.limited.untilMs ? gate.limited : gate.otherwise;
}

/** The verdict on one further limit. */
export function familyVerdictAt(family: FamilySnapshot, judgement: Judgement, nowMs: number): QuotaVerdict {
  const gate = family.needsAccount ? stricter(familyGate(family), judgement.account) : familyGate(family);
  return gate.limited !== null && nowMs < gate.limited.untilMs ? gate.limited : gate.otherwise;
}

function gateFor({ account, models }: Judgement, model: string | null): Gate {
  if (model === null || models.length === 0) return account;
  for (const { prefix, gate } of models) {
    if (isGated(model, prefix)) return gate.otherwise === UNKNOWN && gate.limited === null ? account : gate;
  }
  return account;
}

/** Credits lift the account's own limit (codex-wire 2.9): they pay for what goes beyond it. */
function accountGate(snapshot: QuotaSnapshot): Gate {
  const family = familyOf(snapshot, ACCOUNT_FAMILY);
  const { credits, spendingStopped } = snapshot;
  const paid = credits !== null && spendingStopped?.value !== true && arePayable(credits.value);
  // A complete message without the account's own limit: there is none.
  if (family === undefined) return { limited: null, otherwise: paid || snapshot.completeAtMs >= 0 ? USABLE : UNKNOWN };
  const gate = familyGate(family);
  if (!paid) return gate;
  if (gate.limited === null) return { limited: null, otherwise: USABLE };
  const { refusal } = family;
  if (refusal === null || !isStanding(refusal, family)) return { limited: null, otherwise: USABLE };
  if (credits.atMs <= refusal.atMs) return gate;
  const untilMs = Math.min(gate.limited.untilMs, refusal.atMs + CREDITS_RETRY_MS);
  return { limited: { ...gate.limited, untilMs }, otherwise: USABLE };
}

/** Upstream says `has_credits` with an empty or unreadable balance, too; only a plain zero contradicts it. */
export function arePayable({ hasCredits, unlimited, balance }: CreditsFacts): boolean {
  return unlimited || (hasCredits && (balance === null || !(Number(balance) <= 0)));
}

function familyGate(family: FamilySnapshot): Gate {
  const isKnown = family.windows.length > 0 || family.completeAtMs >= 0 || family.reached?.value === false;
  const otherwise = isKnown ? USABLE : UNKNOWN;
  let limited: LimitedVerdict | null = null;
  for (const end of ends(family)) if (limited === null || end.untilMs > limited.untilMs) limited = end;
  return {
    limited: limited === null ? null : Object.freeze(limited),
    otherwise: limited === null ? otherwise : USABLE,
  };
}

/** Everything that keeps a limit closed, and until when. */
function ends(family: FamilySnapshot): LimitedVerdict[] {
  const found = family.windows.filter(isFull).map(endOfWindow);
  if (family.refusal !== null && isStanding(family.refusal, family)) found.push(endOfRefusal(family.refusal));
  if (found.length === 0 && family.reached?.value === true) found.push(endOfFlag(family, family.reached.atMs));
  return found;
}

function isFull(window: WindowReading): boolean {
  return window.usedPercent >= FULL_PERCENT;
}

function endOfWindow(window: WindowReading): LimitedVerdict {
  const untilMs = window.resetAtMs ?? window.observedAtMs + HOLD_WITHOUT_RESET_MS;
  return limitedBy(window.class, untilMs, `The ${nameOf(window)} is used up (${window.source}).`);
}

function endOfRefusal(refusal: Refusal): LimitedVerdict {
  const untilMs = refusal.untilMs ?? refusal.atMs + HOLD_WITHOUT_RESET_MS;
  return limitedBy(refusal.class ?? 'other', untilMs, `Upstream refused a turn: ${refusal.code}.`);
}

/** Upstream says "reached" without a full window: the fullest one with a reset is what it will wait for. */
function endOfFlag(family: FamilySnapshot, atMs: number): LimitedVerdict {
  let fullest: WindowReading | null = null;
  for (const window of family.windows) {
    if (window.resetAtMs === null || window.resetAtMs <= atMs) continue;
    if (fullest === null || window.usedPercent > fullest.usedPercent) fullest = window;
  }
  const untilMs = fullest?.resetAtMs ?? atMs + HOLD_WITHOUT_RESET_MS;
  return limitedBy(fullest?.class ?? 'other', untilMs, 'Upstream says that the limit is reached.');
}

/** A refusal falls when newer words show that its window has room again. */
function isStanding(refusal: Refusal, family: FamilySnapshot): boolean {
  const newer = family.windows.filter((window) => window.source !== 'error' && window.observedAtMs > refusal.atMs);
  const same = newer.find((window) => window.class === refusal.class);
  if (same !== undefined) return isFull(same);
  if (family.reached !== null && family.reached.atMs > refusal.atMs && family.reached.value === true) return true;
  if (refusal.class === null) return newer.length === 0 || newer.some(isFull);
  // A complete message that does not know the window any more.
  const isGone = !family.windows.some((window) => window.class === refusal.class);
  return !(isGone && family.completeAtMs > refusal.atMs);
}

function limitedBy(windowClass: WindowClass, untilMs: number, reason: string): LimitedVerdict {
  return { kind: 'limited', class: windowClass, untilMs, reason };
}

function nameOf(window: WindowReading): string {
  if (window.class !== 'other') return `${window.class} window`;
  return window.windowSeconds === null ? 'limit' : `window of ${String(Math.round(window.windowSeconds / 3600))} h`;
}

/** Both gates have to be open. */
function stricter(a: Gate, b: Gate): Gate {
  const later = (b.limited?.untilMs ?? -1) > (a.limited?.untilMs ?? -1) ? b : a;
  return { limited: later.limited, otherwise: a.otherwise };
}
