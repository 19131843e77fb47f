/** `cost_aware`: the cheapest plan that is healthy and has quota left (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { headroomOf } from './headroom-of';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

export interface CostLimits {
  readonly leastHeadroom: number;
  readonly mostErrors: number;
}

const COST_LIMITS: CostLimits = { leastHeadroom: 0.05, mostErrors: 0.5 };

/** Score = −(cost) of those within the limits; when nobody is, the headroom of all. */
export function costAware(
  candidates: readonly Candidate[],
  state: StrategyState,
  limits: CostLimits = COST_LIMITS,
): Choice {
  const { scores, rules } = state;
  let isAnyWithin = false;
  for (const [i, candidate] of candidates.entries()) {
    const isWithin = candidate.errorRate <= limits.mostErrors && headroomOf(candidate, rules) >= limits.leastHeadroom;
    scores[i] = isWithin ? 0 - candidate.cost : -Infinity;
    isAnyWithin ||= isWithin;
  }
  if (!isAnyWithin) for (const [i, candidate] of candidates.entries()) scores[i] = headroomOf(candidate, rules);
  return { index: indexOfHighest(candidates, state), scores };
}
