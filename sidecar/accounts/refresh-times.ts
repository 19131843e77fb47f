/** When a login is refreshed next (spec/data-security.md 4.9, 6.7; proxy.md 9.2). Pure. */
import type { AccountFacts } from './roster';

/** `config.tokenRefresh`; all in ms. */
export interface RefreshTimes {
  /** From the start to the sweep at start. */
  readonly startupDelayMs: number;
  /** Since the last success at which the sweep at start refreshes a login. */
  readonly startupStaleAfterMs: number;
  /** From one periodic sweep to the next. */
  readonly checkIntervalMs: number;
  /** From a success to the next refresh. */
  readonly successCycleMs: number;
  /** From a failure that is not the moment's to the next attempt; the longest pause after one that is. */
  readonly failureRetryMs: number;
}

export type SweepKind = 'startup' | 'periodic';

/** Tokens that end sooner than this, ms, are refreshed before they are used (spec/proxy.md 9.1). */
export const REFRESH_AHEAD_MS = 300_000;

const FIRST_PAUSE_MS = 60_000;

/**
 * Whether a sweep refreshes a login. After a failure only the time set then counts; otherwise a login is due when its
 * time has come, when it was last refreshed too long ago, or when its access token would end before the next sweep.
 */
export function isDue(facts: AccountFacts, sweep: SweepKind, times: RefreshTimes, nowMs: number): boolean {
  const nextDueMs = believedNextDueMs(facts, times, nowMs);
  if (facts.token_refresh_last_error !== null && nextDueMs !== null) return nextDueMs <= nowMs;
  const endsAtMs = facts.access_token_expires_at_ms ?? Infinity;
  if (endsAtMs <= nowMs + times.checkIntervalMs + REFRESH_AHEAD_MS) return true;
  if (nextDueMs !== null && nextDueMs <= nowMs) return true;
  if (sweep === 'startup') return ageMs(facts, nowMs) >= times.startupStaleAfterMs;
  return nextDueMs === null && ageMs(facts, nowMs) >= times.successCycleMs;
}

/** The pause after the n-th failure in a row that is the moment's, with jitter: 1 min doubled up to `longestMs`. */
export function pauseAfterFailureMs(failures: number, longestMs: number, random: number = Math.random()): number {
  const pauseMs = FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30) * (1 + random / 4);
  return Math.round(Math.min(pauseMs, longestMs));
}

/** A time that no right clock can have written is left out: the clock was wrong when it was, or has been set since. */
function believedNextDueMs(facts: AccountFacts, times: RefreshTimes, nowMs: number): number | null {
  const nextDueMs = facts.token_refresh_next_due_at_ms;
  const latestMs = nowMs + Math.max(times.successCycleMs, times.failureRetryMs);
  const believed = nextDueMs !== null && nextDueMs <= Math.max(latestMs, facts.access_token_expires_at_ms ?? 0);
  return believed ? nextDueMs : null;
}

function ageMs(facts: AccountFacts, nowMs: number): number {
  const lastMs = Math.max(facts.token_refresh_last_success_at_ms ?? 0, facts.last_refresh_at_ms ?? 0);
  return lastMs === 0 ? Infinity : nowMs - lastMs;
}
