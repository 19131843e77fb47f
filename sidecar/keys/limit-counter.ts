/** One limit of a key: what its window has used, what turns in flight hold of it, and whether there is room. */
import type { LimitType, LimitWindow } from '../contract/api-keys';
import { WINDOW_MS, windowEnd } from './limit-window';

/** What a person set. Values are tokens, requests or micro-USD, integers. */
export interface LimitTerms {
  readonly id: string;
  readonly type: LimitType;
  readonly window: LimitWindow;
  /** Lower case; `''` = every model. */
  readonly modelFilter: string;
  readonly maxValue: number;
}

/** Where its counter stands. */
export interface LimitState {
  readonly currentValue: number;
  readonly resetAtMs: number;
}

/** Amounts by what limits count; cost in micro-USD. */
export type Amounts = Readonly<Record<LimitType, number>>;

export class LimitCounter {
  terms: LimitTerms;
  #current: number;
  #reserved = 0;
  #resetAtMs: number;

  constructor(terms: LimitTerms, state: LimitState) {
    this.terms = terms;
    this.#current = state.currentValue;
    this.#resetAtMs = state.resetAtMs;
  }

  get reserved(): number {
    return this.#reserved;
  }

  /** As of the window that `nowMs` lies in. */
  stateAt(nowMs: number): LimitState {
    this.#roll(nowMs);
    return { currentValue: this.#current, resetAtMs: this.#resetAtMs };
  }

  /** @param model lower case; `null` = the call has no model */
  appliesTo(model: string | null): boolean {
    return this.terms.modelFilter === '' || this.terms.modelFilter === model;
  }

  /** No room is left: used and reserved together reach the limit. */
  isFull(nowMs: number): boolean {
    this.#roll(nowMs);
    return this.#current + this.#reserved >= this.terms.maxValue;
  }

  /** The window itself has used everything: no turn that ends can make room. */
  isUsedUp(nowMs: number): boolean {
    this.#roll(nowMs);
    return this.#current >= this.terms.maxValue;
  }

  /**
   * Takes the estimate, or what is left of the limit when that is less: so a turn whose estimate is too high is not refused,
   * and the limit is passed by no more than the actual amounts exceed the reserved ones (design §11).
   * @returns what was taken, for `giveBack`
   */
  take(estimate: number, nowMs: number): number {
    this.#roll(nowMs);
    const room = Math.max(0, this.terms.maxValue - this.#current - this.#reserved);
    const taken = Math.min(estimate, room);
    this.#reserved += taken;
    return taken;
  }

  giveBack(taken: number): void {
    this.#reserved -= taken;
  }

  /** Counts what was really used, in the window in which it becomes known. */
  add(amount: number, nowMs: number): void {
    this.#roll(nowMs);
    this.#current += amount;
  }

  /** Turns in flight go on holding their share of the new window: that is the one they will be counted in. */
  #roll(nowMs: number): void {
    if (nowMs < this.#resetAtMs) return;
    this.#resetAtMs = windowEnd(this.#resetAtMs, WINDOW_MS[this.terms.window], nowMs);
    this.#current = 0;
  }
}
