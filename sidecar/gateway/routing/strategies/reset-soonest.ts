/** `reset_soonest`: quota that will be renewed soonest is used first, as it is lost otherwise. */
import type { Candidate } from '../candidate';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/** Score = −(ms until the nearest reset); one that has passed counts as now (spec/proxy.md 6.4), unknown ones come last. */
export function resetSoonest(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores, nowMs } = state;
  for (const [i, { resetAtMs }] of candidates.entries()) scores[i] = 0 - Math.max(0, resetAtMs - nowMs);
  return { index: indexOfHighest(candidates, state), scores };
}
