/** One score out of headroom, success, latency and load (spec/proxy.md 6.6 "composite score"). */
import type { Candidate } from '../candidate';
import { clamp01, headroomOf, staticWeight } from './headroom-of';
import type { StrategyState } from './strategy';

export interface CompositeWeights {
  readonly headroom: number;
  readonly success: number;
  /** Per millisecond to the first event. */
  readonly latency: number;
  /** Per turn in flight. */
  readonly outstanding: number;
}

export const COMPOSITE_WEIGHTS: CompositeWeights = { headroom: 1, success: 1, latency: 0.001, outstanding: 0.1 };

/** (1 − U)·W·headroom + success − latency − outstanding, each with its weight. */
export function compositeScore(candidate: Candidate, state: StrategyState, weights: CompositeWeights): number {
  return (
    headroomOf(candidate, state.rules) * staticWeight(candidate, state) * weights.headroom +
    clamp01(1 - candidate.errorRate) * weights.success -
    Math.max(0, candidate.firstEventMs) * weights.latency -
    candidate.inflight * weights.outstanding
  );
}
