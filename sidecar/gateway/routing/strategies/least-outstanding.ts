/** `least_outstanding`: the account with the fewest turns in flight (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/** Score = −(turns in flight). */
export function leastOutstanding(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores } = state;
  for (const [i, { inflight }] of candidates.entries()) scores[i] = 0 - inflight;
  return { index: indexOfHighest(candidates, state), scores };
}
