/** `success_rate`: by lot, the chances weighted by how often the account succeeds (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import type { Choice, StrategyState } from './strategy';

/** So that an account that failed every time is asked again some day. */
const LEAST_WEIGHT = 1e-6;
const LEAST_RHO = 0.1;

/** Score = chance weight = max(ε, p^ρ), p = share of attempts that did not fail by the account. */
export function successRate(candidates: readonly Candidate[], { scores, rules, random }: StrategyState): Choice {
  const rho = Math.max(LEAST_RHO, rules.rho);
  let sum = 0;
  for (const [i, { errorRate }] of candidates.entries()) {
    const weight = errorRate === 0 ? 1 : Math.max(LEAST_WEIGHT, Math.max(LEAST_WEIGHT, 1 - errorRate) ** rho);
    scores[i] = weight;
    sum += weight;
  }
  return { index: drawn(random() * sum, scores, candidates.length), scores };
}

/** The candidate in whose stretch of the line `at` lies; the last one where rounding left a gap. */
function drawn(at: number, weights: Float64Array, count: number): number {
  let left = at;
  for (let i = 0; i < count; i += 1) {
    left -= weights[i] ?? 0;
    if (left < 0) return i;
  }
  return count - 1;
}
