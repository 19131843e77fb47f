/**
 * What one key has used and may still use. In memory and exact while the process runs: a reservation checks and takes all limits
 * of the key in one synchronous step.
 */
import type { LimitCounter, Amounts } from './limit-counter';

/** Sums since the key was made; cost in micro-USD. */
export interface UsageTotals {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  readonly costMicroUsd: number;
}

/** The limits have room: what was taken of each. */
export interface Holding {
  readonly kind: 'held';
  /** Counts what was really used and gives the rest back. `null` = nothing was used. Only the first call counts. */
  settle(actual: Amounts | null, nowMs: number): void;
}

export interface LimitReached {
  readonly kind: 'reached';
  readonly counter: LimitCounter;
}

export class KeyMeter {
  #counters: readonly LimitCounter[];
  #totals: UsageTotals;
  #open = 0;
  lastUsedAtMs: number | null;

  constructor(counters: readonly LimitCounter[], totals: UsageTotals, lastUsedAtMs: number | null) {
    this.#counters = counters;
    this.#totals = totals;
    this.lastUsedAtMs = lastUsedAtMs;
  }

  get counters(): readonly LimitCounter[] {
    return this.#counters;
  }

  get totals(): UsageTotals {
    return this.#totals;
  }

  /** Turns in flight. */
  get open(): number {
    return this.#open;
  }

  /** Other limits from now on; those that stay are the same objects, so that turns in flight find what they hold. */
  replaceCounters(counters: readonly LimitCounter[]): void {
    this.#counters = counters;
  }

  /** Whether a cost limit watches this model. */
  limitsCostOf(model: string | null): boolean {
    return this.#counters.some((counter) => counter.terms.type === 'cost_usd' && counter.appliesTo(model));
  }

  /** @param model lower case; `null` = the call has no model */
  reserve(estimate: Amounts, model: string | null, nowMs: number): Holding | LimitReached {
    const applying = this.#counters.filter((counter) => counter.appliesTo(model));
    const full = worst(applying, nowMs);
    if (full !== null) return { kind: 'reached', counter: full };
    const taken = applying.map((counter) => ({ counter, amount: counter.take(estimate[counter.terms.type], nowMs) }));
    this.#open += 1;
    this.lastUsedAtMs = nowMs;
    let held = true;
    return {
      kind: 'held',
      settle: (actual, settledAtMs) => {
        if (!held) return;
        held = false;
        this.#open -= 1;
        for (const { counter, amount } of taken) counter.giveBack(amount);
        if (actual !== null) this.#count(actual, model, settledAtMs);
      },
    };
  }

  /** In every limit the key has by now, those made while the turn ran included. */
  #count(actual: Amounts, model: string | null, nowMs: number): void {
    for (const counter of this.#counters) {
      if (counter.appliesTo(model)) counter.add(actual[counter.terms.type], nowMs);
    }
    const sums = this.#totals;
    this.#totals = {
      requests: sums.requests + actual.requests,
      inputTokens: sums.inputTokens + actual.input_tokens,
      outputTokens: sums.outputTokens + actual.output_tokens,
      totalTokens: sums.totalTokens + actual.total_tokens,
      costMicroUsd: sums.costMicroUsd + actual.cost_usd,
    };
  }
}

/** The full limit that stays so for longest: earlier resets would not help. */
function worst(counters: readonly LimitCounter[], nowMs: number): LimitCounter | null {
  let found: LimitCounter | null = null;
  for (const counter of counters) {
    if (!counter.isFull(nowMs)) continue;
    if (found === null || counter.stateAt(nowMs).resetAtMs > found.stateAt(nowMs).resetAtMs) found = counter;
  }
  return found;
}
