/** Requests and cost of the last 24 hours, asked of the ledger at most once a second: pages poll the list of accounts. */
import type { Clock } from '../platform/clock';

/** What the ledger knows of one account; money in micro-USD, `null` = no priced row. */
export interface AccountUsage {
  readonly requests: number;
  readonly costMicroUsd: number | null;
}

/** By account; those without requests are absent. */
export interface UsageFigures {
  readonly usage: ReadonlyMap<string, AccountUsage>;
  /** The highest cost among all accounts, micro-USD. */
  readonly highestCostMicroUsd: number;
}

/** Where the ledger is not asked: the answer of an import carries none (spec/admin-api.md 6.1). */
export const NO_FIGURES: UsageFigures = { usage: new Map(), highestCostMicroUsd: 0 };

const KEPT_MS = 1_000;

export class DayUsage {
  readonly #ask: () => Promise<ReadonlyMap<string, AccountUsage>>;
  readonly #clock: Clock;
  #held: { readonly askedAtMs: number; readonly figures: Promise<UsageFigures> } | null = null;

  constructor(ask: () => Promise<ReadonlyMap<string, AccountUsage>>, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Rejects as the ledger does; a failure is not kept. */
  figures(): Promise<UsageFigures> {
    const nowMs = this.#clock.now();
    const ageMs = this.#held === null ? Infinity : nowMs - this.#held.askedAtMs;
    // A clock that was set back makes what is held look as if it came from the future.
    if (this.#held !== null && ageMs >= 0 && ageMs < KEPT_MS) return this.#held.figures;
    const held = { askedAtMs: nowMs, figures: this.#ask().then(withHighest) };
    this.#held = held;
    held.figures.catch(() => {
      if (this.#held === held) this.#held = null;
    });
    return held.figures;
  }
}

function withHighest(usage: ReadonlyMap<string, AccountUsage>): UsageFigures {
  let highestCostMicroUsd = 0;
  for (const { costMicroUsd } of usage.values()) highestCostMicroUsd = Math.max(highestCostMicroUsd, costMicroUsd ?? 0);
  return { usage, highestCostMicroUsd };
}
