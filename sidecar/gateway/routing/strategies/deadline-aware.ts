/** `deadline_aware`: headroom while there is time, speed when there is none (spec/proxy.md 6.6). */
import type { Candidate } from '../candidate';
import { clamp01 } from './headroom-of';
import { COMPOSITE_WEIGHTS, compositeScore, type CompositeWeights } from './composite-score';
import { indexOfHighest } from './highest-score';
import type { Choice, StrategyState } from './strategy';

export interface DeadlineOptions {
  readonly weights: CompositeWeights;
  /** With less slack than this it becomes urgent, ms. */
  readonly tightMs: number;
  /** How much more success, latency and load weigh when it is most urgent. */
  readonly scale: number;
}

const DEADLINE_OPTIONS: DeadlineOptions = { weights: COMPOSITE_WEIGHTS, tightMs: 250, scale: 2 };

/** Score = composite with success, latency and load × f, f = 1 + urgency·(scale − 1), urgency = 1 − slack/tight. */
export function deadlineAware(
  candidates: readonly Candidate[],
  state: StrategyState,
  { weights, tightMs, scale }: DeadlineOptions = DEADLINE_OPTIONS,
): Choice {
  const { scores, slackMs } = state;
  const urgency = 1 - clamp01(slackMs / Math.max(1, tightMs));
  const factor = 1 + urgency * (Math.max(1, scale) - 1);
  const urgent = {
    headroom: weights.headroom,
    success: weights.success * factor,
    latency: weights.latency * factor,
    outstanding: weights.outstanding * factor,
  };
  let i = 0;
  for (const candidate of candidates) scores[i++] = compositeScore(candidate, state, urgent);
  return { index: indexOfHighest(candidates, state), scores };
}
