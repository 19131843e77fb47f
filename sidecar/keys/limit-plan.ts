/** The limits a key is to have, laid over those it has: one of the same type, window and model goes on counting. */
import { uuidv7 } from '../platform/ids';
import { limitKey, type NewLimit } from './key-fields';
import type { LimitRow } from './key-row';
import { LimitCounter, type LimitTerms } from './limit-counter';
import { WINDOW_MS } from './limit-window';

export interface PlannedLimit {
  readonly counter: LimitCounter;
  /** What the counter gets when the plan is carried out. */
  readonly terms: LimitTerms;
}

/** Changes nothing yet. */
export function planLimits(
  wanted: readonly NewLimit[],
  present: readonly LimitCounter[],
  nowMs: number,
): PlannedLimit[] {
  const known = new Map(present.map((counter) => [limitKey(counter.terms), counter]));
  return wanted.map((limit) => {
    const counter = known.get(limitKey(limit));
    if (counter !== undefined) return { counter, terms: { ...counter.terms, maxValue: limit.maxValue } };
    const terms = { id: uuidv7(), ...limit };
    const resetAtMs = nowMs + WINDOW_MS[limit.window];
    return { counter: new LimitCounter(terms, { currentValue: 0, resetAtMs }), terms };
  });
}

export function plannedRows(keyId: string, plan: readonly PlannedLimit[], nowMs: number): LimitRow[] {
  return plan.map(({ counter, terms }) => {
    const { currentValue, resetAtMs } = counter.stateAt(nowMs);
    return {
      id: terms.id,
      api_key_id: keyId,
      limit_type: terms.type,
      limit_window: terms.window,
      model_filter: terms.modelFilter,
      max_value: terms.maxValue,
      current_value: currentValue,
      reset_at_ms: resetAtMs,
    };
  });
}

/** The counters of a plan that has been stored. */
export function carryOut(plan: readonly PlannedLimit[]): LimitCounter[] {
  return plan.map(({ counter, terms }) => {
    counter.terms = terms;
    return counter;
  });
}
