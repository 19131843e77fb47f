/** `round_robin`: everybody in turn. */
import type { Candidate } from '../candidate';
import type { Choice, StrategyState } from './strategy';

/**
 * The account whose last turn is longest ago. Over a pool that stays the same this is the cursor of spec/proxy.md 6.5; unlike
 * a cursor it needs no order, and whoever was passed over (limited, tried already) has not lost its turn.
 * Score = turns since its last one.
 */
export function roundRobin(candidates: readonly Candidate[], { memory, scores }: StrategyState): Choice {
  let index = 0;
  let longest = -1;
  for (const [i, candidate] of candidates.entries()) {
    const waited = memory.turnsSince(candidate.slot);
    scores[i] = waited;
    if (waited > longest) {
      longest = waited;
      index = i;
    }
  }
  return { index, scores };
}
