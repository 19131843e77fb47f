/** When which account is asked for its usage: spread out, backed off after failures, soon when it matters. Pure but for chance. */

export interface PollScheduleOptions {
  /** Between two polls of one account, ms. */
  readonly intervalMs: number;
  /** 0 to 1; `Math.random` outside tests. */
  readonly random: () => number;
}

export interface PollState {
  readonly dueAtMs: number;
  readonly lastSuccessAtMs: number | null;
  /** In a row. */
  readonly failures: number;
  readonly lastError: string | null;
}

/** Newly seen accounts are asked within this time, or within one interval if that is shorter, ms. */
const FIRST_SPREAD_MS = 10_000;
/** Share of the interval by which polls wander. */
const JITTER = 0.1;
const LONGEST_BACKOFF_MS = 30 * 60_000;
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;
/** After a refusal or a reset upstream's own figures need a moment, ms. */
const SOON_MS = 2000;
const SOON_SPREAD_MS = 2000;
/** An account is not asked more often than this because something happened to it, ms. */
const LEAST_PAUSE_MS = 10_000;

export class PollSchedule {
  readonly #options: PollScheduleOptions;
  readonly #states = new Map<string, PollState>();

  constructor(options: PollScheduleOptions) {
    this.#options = options;
  }

  /** Takes up new accounts and drops those that are gone. `lastSuccess` = what an earlier process did, UTC ms or `null`. */
  sync(accountIds: readonly string[], lastSuccess: (accountId: string) => number | null, nowMs: number): void {
    const present = new Set(accountIds);
    for (const id of this.#states.keys()) if (!present.has(id)) this.#states.delete(id);
    for (const id of accountIds) {
      if (this.#states.has(id)) continue;
      const lastSuccessAtMs = lastSuccess(id);
      const first = nowMs + this.#options.random() * Math.min(FIRST_SPREAD_MS, this.#options.intervalMs);
      const next = lastSuccessAtMs === null ? first : Math.max(first, lastSuccessAtMs + this.#options.intervalMs);
      this.#states.set(id, { dueAtMs: this.#bounded(next, nowMs), lastSuccessAtMs, failures: 0, lastError: null });
    }
  }

  /** The account that has been due longest. */
  nextDue(nowMs: number): string | null {
    let found: string | null = null;
    let dueAtMs = Infinity;
    for (const [id, state] of this.#states) {
      // A clock that was set back must not silence the poller until it has caught up.
      const due = Math.min(state.dueAtMs, this.#bounded(state.dueAtMs, nowMs));
      if (due > nowMs || due >= dueAtMs) continue;
      found = id;
      dueAtMs = due;
    }
    return found;
  }

  /** Not again before the poll that begins now has ended. */
  started(accountId: string): void {
    this.#change(accountId, { dueAtMs: Infinity });
  }

  /** @param returnAtMs when the account's limit passes, `null` = it is not limited */
  succeeded(accountId: string, returnAtMs: number | null, nowMs: number): void {
    const regular = nowMs + this.#jittered(this.#options.intervalMs);
    const atReset = returnAtMs === null || returnAtMs <= nowMs ? Infinity : returnAtMs + this.#soon();
    const dueAtMs = Math.min(regular, Math.max(atReset, nowMs + Math.min(LEAST_PAUSE_MS, this.#options.intervalMs)));
    this.#change(accountId, { dueAtMs, lastSuccessAtMs: nowMs, failures: 0, lastError: null });
  }

  /** @param retryAfterMs what upstream asked for */
  failed(accountId: string, error: string, retryAfterMs: number | null, nowMs: number): void {
    const failures = (this.state(accountId)?.failures ?? 0) + 1;
    const backoffMs = Math.min(this.#options.intervalMs * 2 ** Math.min(failures - 1, 20), LONGEST_BACKOFF_MS);
    const pauseMs = Math.max(backoffMs, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
    this.#change(accountId, { dueAtMs: nowMs + this.#jittered(pauseMs), failures, lastError: error });
  }

  /** Something happened to the account: its figures are worth asking for. A back-off is kept. */
  soon(accountId: string, nowMs: number): void {
    const state = this.#states.get(accountId);
    if (state === undefined || state.failures > 0 || state.dueAtMs === Infinity) return;
    const earliestMs = (state.lastSuccessAtMs ?? -Infinity) + Math.min(LEAST_PAUSE_MS, this.#options.intervalMs);
    const soonMs = nowMs + Math.min(this.#soon(), this.#options.intervalMs);
    this.#change(accountId, { dueAtMs: Math.min(state.dueAtMs, Math.max(earliestMs, soonMs)) });
  }

  state(accountId: string): PollState | undefined {
    return this.#states.get(accountId);
  }

  #change(accountId: string, change: Partial<PollState>): void {
    const state = this.#states.get(accountId);
    if (state !== undefined) this.#states.set(accountId, { ...state, ...change });
  }

  #bounded(dueAtMs: number, nowMs: number): number {
    if (dueAtMs === Infinity) return Infinity;
    const farthestMs = Math.max(this.#options.intervalMs, LONGEST_RETRY_AFTER_MS) * (1 + JITTER);
    return dueAtMs - nowMs > farthestMs ? nowMs : dueAtMs;
  }

  #jittered(ms: number): number {
    return ms * (1 - JITTER + 2 * JITTER * this.#options.random());
  }

  #soon(): number {
    return SOON_MS + SOON_SPREAD_MS * this.#options.random();
  }
}
