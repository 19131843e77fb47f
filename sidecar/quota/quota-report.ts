/** What one message of upstream says about an account's limits, and how its numbers are read (codex-wire 2.9). Pure. */
import type { QuotaSource, WindowClass } from '../contract/quota';
import { booleanOf, numberOf, textOf, type JsonFields } from './json-fields';
import { classOfWindow } from './window-class';

/** One window as said. Percent 0 to 100; `resetAtMs` UTC ms, possibly past; `null` = not said. */
export interface WindowFacts {
  readonly class: WindowClass;
  readonly usedPercent: number;
  readonly windowSeconds: number | null;
  readonly resetAtMs: number | null;
}

/** One limit: the account's own or a further one. */
export interface FamilyReport {
  readonly id: string;
  /** Upstream's `limit_name`. */
  readonly name: string | null;
  readonly windows: readonly WindowFacts[];
  /** Windows that are not listed do not exist. Otherwise nothing is said about them. */
  readonly complete: boolean;
  /** Upstream's own `limit_reached` or `allowed`. */
  readonly reached: boolean | null;
}

export interface CreditsFacts {
  readonly hasCredits: boolean;
  readonly unlimited: boolean;
  readonly balance: string | null;
}

export interface QuotaReport {
  readonly source: QuotaSource;
  /** UTC ms. */
  readonly observedAtMs: number;
  readonly planType: string | null;
  readonly credits: CreditsFacts | null;
  /** A workspace's spending cap: credits do not help when it is reached. */
  readonly spendingStopped: boolean | null;
  readonly families: readonly FamilyReport[];
  /** Families that are not listed do not exist. */
  readonly complete: boolean;
}

/** Raw values of a window, each a number, its text, or anything else. */
export interface RawWindow {
  readonly usedPercent: unknown;
  readonly windowSeconds: unknown;
  readonly resetAt: unknown;
  readonly resetAfterSeconds: unknown;
}

/** Reset times further away are mistakes (issue 4, point 2): the longest window is a month. */
export const LONGEST_RESET_MS = 366 * 86_400_000;
/** Unix times above this are milliseconds: in seconds it would be the year 2286 (spec/data-security.md 4.8). */
const LARGEST_SECONDS = 10_000_000_000;
/** A local clock may be off: when absolute and relative reset differ by more than this, the relative one counts. */
const CLOCK_TOLERANCE_MS = 120_000;
const MAX_PLAN_CHARS = 32;
const MAX_BALANCE_CHARS = 32;

/**
 * The window, or `null` when there is none: no percentage, a length of zero (upstream's way to say "no such window"), or
 * 0 % without length and reset.
 */
export function readWindow(raw: RawWindow, nowMs: number): WindowFacts | null {
  const percent = numberOf(raw.usedPercent);
  const length = numberOf(raw.windowSeconds);
  if (percent === null || (length !== null && length <= 0)) return null;
  const windowSeconds = length === null || length * 1000 > LONGEST_RESET_MS ? null : Math.round(length);
  const resetAtMs = readReset(numberOf(raw.resetAt), numberOf(raw.resetAfterSeconds), nowMs);
  const usedPercent = Math.min(Math.max(percent, 0), 100);
  if (usedPercent === 0 && length === null && resetAtMs === null) return null;
  return { class: classOfWindow(windowSeconds), usedPercent, windowSeconds, resetAtMs };
}

/**
 * @param at Unix time of the reset in seconds, or ms when it is that large
 * @param afterSeconds from `nowMs` on
 * @returns UTC ms, `null` when not said or more than 366 days away
 */
export function readReset(at: number | null, afterSeconds: number | null, nowMs: number): number | null {
  const relative = afterSeconds === null || afterSeconds < 0 ? null : Math.round(nowMs + afterSeconds * 1000);
  const absolute = at === null || at <= 0 ? null : Math.round(at > LARGEST_SECONDS ? at : at * 1000);
  if (absolute === null || (relative !== null && Math.abs(absolute - relative) > CLOCK_TOLERANCE_MS)) {
    return withinBounds(relative, nowMs);
  }
  return withinBounds(absolute, nowMs);
}

function withinBounds(atMs: number | null, nowMs: number): number | null {
  return atMs !== null && Math.abs(atMs - nowMs) <= LONGEST_RESET_MS ? atMs : null;
}

/** Lower-case plan name, `null` when none is given. */
export function readPlan(value: unknown): string | null {
  return textOf(value, MAX_PLAN_CHARS)?.toLowerCase() ?? null;
}

/** Credits of an object or of headers; `null` unless it says whether there are any. */
export function readCredits(hasCredits: unknown, unlimited: unknown, balance: unknown): CreditsFacts | null {
  const has = booleanOf(hasCredits);
  const isUnlimited = booleanOf(unlimited);
  if (has === null && isUnlimited === null) return null;
  const amount = typeof balance === 'number' && Number.isFinite(balance) ? String(balance) : balance;
  return {
    hasCredits: has ?? false,
    unlimited: isUnlimited ?? false,
    balance: textOf(amount, MAX_BALANCE_CHARS),
  };
}

/** Two windows of one class in one message: the fuller one is what binds. */
export function onePerClass(windows: readonly (WindowFacts | null)[]): readonly WindowFacts[] {
  const kept = new Map<WindowClass, WindowFacts>();
  for (const window of windows) {
    if (window === null) continue;
    const other = kept.get(window.class);
    if (other === undefined || window.usedPercent > other.usedPercent) kept.set(window.class, window);
  }
  return [...kept.values()];
}

/** `limit_reached` and `allowed` as one flag; `null` when neither is given. */
export function readReached(limit: JsonFields): boolean | null {
  const reached = booleanOf(limit['limit_reached']);
  const allowed = booleanOf(limit['allowed']);
  if (reached === true || allowed === false) return true;
  return reached === null && allowed === null ? null : false;
}
