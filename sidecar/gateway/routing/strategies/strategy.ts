/** What every strategy gets and gives (spec/proxy.md 6.5, 6.6). */
import type { Candidate } from '../candidate';
import type { RoutingRules } from '../routing-ports';
import type { TurnMemory } from './turn-memory';

/** What a strategy may look at beside the candidates. `pick` changes nothing of it but `scores`. */
export interface StrategyState {
  /** UTC ms. */
  readonly nowMs: number;
  readonly rules: Pick<RoutingRules, 'preferEarlierReset' | 'headroomWeights' | 'rho'>;
  /** 0 … 1, 1 excluded. */
  readonly random: () => number;
  /** How long the client can still wait for the first event, ms. */
  readonly slackMs: number;
  readonly memory: TurnMemory;
  /** Room for one number per candidate; reused by the next selection. */
  readonly scores: Float64Array;
}

export interface Choice {
  /** Index of the candidate that should serve. */
  readonly index: number;
  /** Higher is better; NaN = not looked at. Valid until the next selection. */
  readonly scores: Float64Array;
}

/** Figures of a candidate that explain a score; see `decision-record.ts`. */
export type PartName =
  'headroom' | 'inflight' | 'firstEventMs' | 'errorRate' | 'troubleRate' | 'cost' | 'resetInMs' | 'weight';

/** `candidates` are never empty and all of them may serve. */
export interface Strategy {
  /** Pure: the same candidates and state give the same choice. */
  readonly pick: (candidates: readonly Candidate[], state: StrategyState) => Choice;
  /** Remembers a choice that was carried out, for strategies whose next choice depends on it. */
  readonly remember?: (candidates: readonly Candidate[], choice: Choice, state: StrategyState) => void;
  /** The figures that the scores come from. */
  readonly parts: readonly PartName[];
}
