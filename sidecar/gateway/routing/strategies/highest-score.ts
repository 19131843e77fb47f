/** The candidate with the highest score, and who wins a tie. */
import type { Candidate } from '../candidate';
import type { StrategyState } from './strategy';

/**
 * Index of the highest of `state.scores`. The spec gives ties to the first candidate; as many accounts are often exactly
 * alike (no quota known, nothing in flight), a tie goes first to the one with fewer turns in flight, then (where asked
 * for) to the sooner reset, then to the one whose last turn is longest ago, so that equal accounts share the work.
 */
export function indexOfHighest(candidates: readonly Candidate[], state: StrategyState): number {
  const { scores } = state;
  let best = 0;
  for (let i = 1; i < candidates.length; i += 1) {
    const score = scores[i] ?? NaN;
    const highest = scores[best] ?? NaN;
    if (score < highest) continue;
    if (
      score > highest ||
      Number.isNaN(highest) ||
      (score === highest && winsTie(candidates[i], candidates[best], state))
    )
      best = i;
  }
  return best;
}

function winsTie(one: Candidate | undefined, other: Candidate | undefined, state: StrategyState): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.inflight !== other.inflight) return one.inflight < other.inflight;
  if (state.rules.preferEarlierReset && one.resetAtMs !== other.resetAtMs) return one.resetAtMs < other.resetAtMs;
  return state.memory.turnsSince(one.slot) > state.memory.turnsSince(other.slot);
}
