/** `fill_first`: always the first account that can serve, the others only when it cannot. */
import type { Candidate } from '../candidate';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/**
 * First = oldest, or where asked for the one with the soonest reset. Unlike `drain_hop` it goes back to the first account as
 * soon as that can serve again. Score = −(place in the line), or the negative time of the reset.
 */
export function fillFirst(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores, rules } = state;
  for (const [i, { resetAtMs }] of candidates.entries()) scores[i] = rules.preferEarlierReset ? -resetAtMs : 0 - i;
  return { index: indexOfHighest(candidates, state), scores };
}
