/** How much of its quota an account has left, and how much it counts for. */
import type { Candidate } from '../candidate';
import type { StrategyState } from './strategy';

type Rules = StrategyState['rules'];

/** Weights below this are as good as none. */
const NO_WEIGHT = 1e-9;
/** Resets further away than this do not count (spec/proxy.md 6.4): 7 days. */
const RESET_HORIZON_MS = 7 * 86_400_000;
const RESET_BONUS = 0.5;
const LEAST_SUCCESS_FACTOR = 0.05;
const MOST_WEIGHT = 4;

/** spec/proxy.md 6.4: U = (wp·P + ws·S) / (wp + ws), without weights U = P. */
export function usageRatio({ shortUsed, longUsed }: Candidate, { headroomWeights }: Rules): number {
  const short = Math.max(0, headroomWeights.short);
  const long = Math.max(0, headroomWeights.long);
  const sum = short + long;
  return clamp01(sum < NO_WEIGHT ? shortUsed : (short * shortUsed + long * longUsed) / sum);
}

/** H = 1 − U. */
export function headroomOf(candidate: Candidate, rules: Rules): number {
  return 1 - usageRatio(candidate, rules);
}

/** spec/proxy.md 6.4: W = 1, or 1 + 0.5·u for a sooner reset where asked for; u falls from 1 (now) to 0 (in 7 days). */
export function staticWeight({ resetAtMs }: Candidate, { rules, nowMs }: StrategyState): number {
  if (!rules.preferEarlierReset || resetAtMs === Infinity) return 1;
  const remaining = Math.min(Math.max(0, resetAtMs - nowMs), RESET_HORIZON_MS);
  return 1 + RESET_BONUS * (1 - remaining / RESET_HORIZON_MS);
}

/** spec/proxy.md 6.4: w = (1 − U)·clamp(W·max(0.05, R^ρ), 0, 4), R = share of attempts that did not fail by the account. */
export function accountWeight(candidate: Candidate, state: StrategyState): number {
  const { errorRate } = candidate;
  const factor = errorRate === 0 ? 1 : Math.max(LEAST_SUCCESS_FACTOR, (1 - errorRate) ** state.rules.rho);
  const weight = Math.min(MOST_WEIGHT, Math.max(0, staticWeight(candidate, state) * factor));
  return headroomOf(candidate, state.rules) * weight;
}

export function clamp01(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
