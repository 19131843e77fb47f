/** `headroom`: the account with the most quota left (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { headroomOf } from './headroom-of';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/** Score = H = 1 − U. */
export function headroom(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores, rules } = state;
  for (const [i, candidate] of candidates.entries()) scores[i] = headroomOf(candidate, rules);
  return { index: indexOfHighest(candidates, state), scores };
}
