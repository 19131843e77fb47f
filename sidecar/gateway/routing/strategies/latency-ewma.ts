/** `latency_ewma`: the account that began to answer soonest, of late (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/**
 * Score = −(mean time to the first event). One whose time is not known is asked at once, but only by one turn at a time: while
 * that is in flight it counts as average, else a new account would get every request until its first answer.
 */
export function latencyEwma(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores } = state;
  let sum = 0;
  let known = 0;
  let i = 0;
  for (const { firstEventMs } of candidates) {
    scores[i++] = 0 - firstEventMs;
    sum += firstEventMs;
    if (firstEventMs > 0) known += 1;
  }
  if (known > 0 && known < candidates.length) countAsAverage(candidates, scores, sum / known);
  return { index: indexOfHighest(candidates, state), scores };
}

/** Those who are being tried for the first time. */
function countAsAverage(candidates: readonly Candidate[], scores: Float64Array, averageMs: number): void {
  for (const [i, { inflight }] of candidates.entries()) {
    if (scores[i] === 0 && inflight > 0) scores[i] = -averageMs;
  }
}
