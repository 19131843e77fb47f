/** `drain_hop`: one account until it cannot serve any more, then the next. */
import type { Candidate } from '../candidate';
import { indexOfHighest } from './highest-score';
import { roundRobin } from './round-robin';
import type { Choice, StrategyState } from './strategy';

/**
 * Stays with the current account while it is a candidate (spec/proxy.md 6.5), else hops to the one whose turn is longest ago, or
 * where asked for to the one with the soonest reset. Score: 1 for the current account, 0 for others; when it hops, turns since
 * its last one, or the negative time of the reset.
 */
export function drainHop(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { memory, scores, rules } = state;
  const index = candidates.findIndex(({ id }) => id === memory.currentId);
  if (index !== -1) {
    scores.fill(0, 0, candidates.length);
    scores[index] = 1;
    return { index, scores };
  }
  if (!rules.preferEarlierReset) return roundRobin(candidates, state);
  for (const [i, { resetAtMs }] of candidates.entries()) scores[i] = -resetAtMs;
  return { index: indexOfHighest(candidates, state), scores };
}

/** Whoever serves is the current one. */
export function stayWith(candidates: readonly Candidate[], { index }: Choice, { memory }: StrategyState): void {
  memory.currentId = candidates[index]?.id ?? null;
}
