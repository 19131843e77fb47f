/** `power_of_two`: the better of two accounts drawn by lot (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { COMPOSITE_WEIGHTS, compositeScore } from './composite-score';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

/** Two different candidates, uniformly; the higher composite score serves. Score = composite, NaN for those not drawn. */
export function powerOfTwo(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { scores, random } = state;
  const count = candidates.length;
  scores.fill(NaN, 0, count);
  const first = Math.floor(random() * count);
  score(candidates, first, state);
  if (count > 1) {
    const drawn = Math.floor(random() * (count - 1));
    score(candidates, drawn < first ? drawn : drawn + 1, state);
  }
  return { index: indexOfHighest(candidates, state), scores };
}

function score(candidates: readonly Candidate[], index: number, state: StrategyState): void {
  const candidate = candidates[index];
  if (candidate !== undefined) state.scores[index] = compositeScore(candidate, state, COMPOSITE_WEIGHTS);
}
