/** An account as a strategy sees it: figures only. Strategies never see who may serve, they are given those who may. */

export interface Candidate {
  readonly id: string;
  /** Small index that stays the account's as long as it is known here; strategies keep their memory by it. */
  readonly slot: number;
  /** Turns in flight. */
  readonly inflight: number;
  /** Mean time to the first event with the model asked for, ms; 0 = not known. */
  readonly firstEventMs: number;
  /** Recent share of attempts that failed by the account's own fault, 0 … 1. */
  readonly errorRate: number;
  /** Used share of the short window, 0 … 1; 0 = not known (spec/proxy.md 6.4). */
  readonly shortUsed: number;
  /** Used share of the long window, 0 … 1; that of the short one where it is not known. */
  readonly longUsed: number;
  /** Nearest reset, UTC ms; Infinity = not known. */
  readonly resetAtMs: number;
  /** Price of the plan for this model against the dearest plan, 0 … 1 (spec/proxy.md 10.6). */
  readonly cost: number;
}
