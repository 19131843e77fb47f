/**
 * Short rests after failures that are nobody's fault for certain: a 5xx or a broken connection on an account. They are a
 * preference, not a verdict: whoever rests still serves when nobody else can, and the account's status is never touched.
 */
import type { AccountSignals, FailureClass } from './account-signals';

/** First rest, doubled with each failure that follows, at most 5 minutes (spec/proxy.md 6.2). */
const SHORTEST_MS = 5000;
const LONGEST_MS = 300_000;
/** Rests differ by up to this share in either direction, so that accounts do not come back in step. */
const JITTER = 0.2;
/** Failures of the same class on several accounts within this time have one cause, ms. */
const TOGETHER_MS = 10_000;
/** After this time without a failure the next one is a first one again, ms. */
const FORGIVEN_AFTER_MS = 600_000;

type Trouble = Exclude<FailureClass, 'account'>;

/**
 * A failure on an account that the upstream or the network is to blame for. At most half of the pool rests at a time: when
 * more accounts fail the same way together, it is an incident that resting cannot help, and whoever rests for it comes back.
 *
 * @param pool everybody who is in rotation
 * @param random 0 … 1, 1 excluded
 */
export function restAfterFailure(
  account: AccountSignals,
  trouble: Trouble,
  pool: readonly AccountSignals[],
  nowMs: number,
  random: () => number,
): void {
  const strikes = nowMs - account.troubleAtMs > FORGIVEN_AFTER_MS ? 0 : account.strikes;
  account.troubleAtMs = nowMs;
  account.troubleClass = trouble;
  const { size, failing, resting } = census(account, trouble, pool, nowMs);
  if (failing > size / 2) {
    for (const one of pool) if (one.troubleClass === trouble) endRest(one);
    endRest(account);
    return;
  }
  // Turns that fail together are one failure.
  if (isCooling(account, nowMs) || resting > size / 2) return;
  const restMs = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** strikes);
  account.strikes = strikes + 1;
  account.coolingUntilMs = nowMs + restMs * (1 - JITTER + 2 * JITTER * random());
}

/** The account has served: whatever it rested for is over. */
export function endRest(account: AccountSignals): void {
  account.coolingUntilMs = 0;
  account.strikes = 0;
}

export function isCooling(account: AccountSignals, nowMs: number): boolean {
  return account.coolingUntilMs > nowMs;
}

/** How many accounts there are, how many fail this way right now, and how many would rest; `account` counts in both. */
function census(
  account: AccountSignals,
  trouble: Trouble,
  pool: readonly AccountSignals[],
  nowMs: number,
): { readonly size: number; readonly failing: number; readonly resting: number } {
  let failing = 1;
  let resting = 1;
  for (const one of pool) {
    if (one === account) continue;
    if (one.troubleClass === trouble && nowMs - one.troubleAtMs <= TOGETHER_MS) failing += 1;
    if (isCooling(one, nowMs)) resting += 1;
  }
  return { size: pool.length, failing, resting };
}
