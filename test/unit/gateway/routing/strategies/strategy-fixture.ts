/** Candidates and a state for one strategy, without a selector around it. */
import fc from 'fast-check';
import { RoutingStrategy } from '../../../../../sidecar/contract/routing';
import type { Candidate } from '../../../../../sidecar/gateway/routing/candidate';
import type { Choice, Strategy, StrategyState } from '../../../../../sidecar/gateway/routing/strategies/strategy';
import { STRATEGIES } from '../../../../../sidecar/gateway/routing/strategies/strategy-table';
import { TurnMemory } from '../../../../../sidecar/gateway/routing/strategies/turn-memory';

export const NOW = 1_790_000_000_000;
export const STRATEGY_NAMES = RoutingStrategy.anyOf.map((literal) => literal.const);

/** An unused account about which nothing is known. */
export function candidate(slot: number, facts: Partial<Candidate> = {}): Candidate {
  const shortUsed = facts.shortUsed ?? 0;
  return {
    id: `account-${String(slot).padStart(4, '0')}`,
    slot,
    inflight: 0,
    firstEventMs: 0,
    errorRate: 0,
    shortUsed,
    longUsed: shortUsed,
    resetAtMs: Infinity,
    cost: 0.5,
    ...facts,
  };
}

export interface StateFacts {
  readonly memory?: TurnMemory;
  readonly random?: () => number;
  readonly slackMs?: number;
  readonly rules?: Partial<StrategyState['rules']>;
}

export function stateFor(count: number, facts: StateFacts = {}): StrategyState {
  const { memory = new TurnMemory(), random = () => 0, slackMs = 1000, rules = {} } = facts;
  return {
    nowMs: NOW,
    rules: { preferEarlierReset: false, headroomWeights: { short: 0.35, long: 0.65 }, rho: 2, ...rules },
    random,
    slackMs,
    memory,
    scores: new Float64Array(count),
  };
}

/** Picks and carries the choice out, as the selector does. */
export function serve(strategy: Strategy, candidates: readonly Candidate[], state: StrategyState): Choice {
  const choice = strategy.pick(candidates, state);
  strategy.remember?.(candidates, choice, state);
  state.memory.took(candidates[choice.index]?.slot ?? -1);
  return choice;
}

/** How often each candidate serves in so many turns. */
export function share(
  name: keyof typeof STRATEGIES,
  candidates: readonly Candidate[],
  turns: number,
  facts: StateFacts = {},
): number[] {
  const state = stateFor(candidates.length, facts);
  const counts = candidates.map(() => 0);
  for (let turn = 0; turn < turns; turn += 1) {
    const { index } = serve(STRATEGIES[name], candidates, state);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** Numbers 0 … 1 that are the same in every run (a linear congruential generator, Knuth's MMIX constants cut to 32 bits). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });

/** Any one to thirty candidates. */
export const anyCandidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      inflight: fc.nat(50),
      firstEventMs: fc.oneof(fc.constant(0), fc.double({ min: 1, max: 60_000, noNaN: true })),
      errorRate: unit,
      shortUsed: unit,
      longUsed: unit,
      resetAtMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: NOW - 100_000, max: NOW + 700_000_000 })),
      cost: unit,
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((all) => all.map((facts, slot) => candidate(slot, facts)));
