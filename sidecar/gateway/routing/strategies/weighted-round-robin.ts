/** `weighted_round_robin` (default): turns in proportion to what each account has left, evenly interleaved. */
import type { Candidate } from '../candidate';
import { accountWeight } from './headroom-of';
import type { Choice, StrategyState } from './strategy';

/**
 * Smooth weighted round robin (spec/proxy.md 6.5): everybody is credited its weight, the highest credit serves and pays the sum
 * of all weights; the first wins ties; without any weight the first candidate serves. Score = credit after crediting.
 *
 * An account keeps its credit while it is no candidate: requests for different models have different candidates, and one
 * who lost its credit each time would never come up.
 */
export function weightedRoundRobin(candidates: readonly Candidate[], state: StrategyState): Choice {
  const { memory, scores } = state;
  let index = 0;
  let highest = -Infinity;
  for (let i = 0; i < candidates.length; i += 1) {
    const candidate = candidates[i];
    if (candidate === undefined) break;
    const weight = accountWeight(candidate, state);
    const score = weight > 0 ? memory.credit(candidate.slot) + weight : -Infinity;
    scores[i] = score;
    if (score > highest) {
      highest = score;
      index = i;
    }
  }
  return { index, scores };
}

/** Books the credits of a choice that was carried out. */
export function bookCredits(
  candidates: readonly Candidate[],
  { index, scores }: Choice,
  { memory }: StrategyState,
): void {
  let sum = 0;
  for (let i = 0; i < candidates.length; i += 1) {
    const slot = candidates[i]?.slot;
    const credit = scores[i] ?? -Infinity;
    if (slot === undefined || credit === -Infinity) continue;
    sum += credit - memory.credit(slot);
    memory.setCredit(slot, credit);
  }
  const paying = candidates[index]?.slot;
  if (paying !== undefined) memory.setCredit(paying, memory.credit(paying) - sum);
}
