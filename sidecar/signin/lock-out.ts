/** Slows down guessing: five failures of one client, then a pause that doubles (spec/data-security.md 7.1, 5.7). */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';

const FREE_ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A client that was quiet for so long starts afresh. */
const FORGET_AFTER_MS = 60 * 60_000;
/** Clients that are remembered; beyond that the oldest ones are forgotten. */
const MOST_CLIENTS = 10_000;

interface Failures {
  failures: number;
  pausedUntilMs: number;
  lastAtMs: number;
}

export class LockOut {
  readonly #clients = new Map<string, Failures>();
  readonly #clock: Clock;
  readonly #firstPauseMs: number;

  /** @param firstPauseMs pause after the fifth failure, ms; doubled with each further one up to 15 min. */
  constructor(clock: Clock, firstPauseMs = 60_000) {
    this.#clock = clock;
    this.#firstPauseMs = firstPauseMs;
  }

  /**
   * Counts an attempt before it is judged, so that many at once are no way around the limit.
   * @throws TightropeError `too_many_attempts` with `Retry-After`
   */
  attempt(client: string | null): void {
    const nowMs = this.#clock.now();
    const record = this.#recordOf(client ?? '', nowMs);
    if (record.pausedUntilMs > nowMs) throw refusal(record.pausedUntilMs - nowMs);
    record.failures += 1;
    record.lastAtMs = nowMs;
    const beyond = record.failures - FREE_ATTEMPTS;
    if (beyond >= 0) record.pausedUntilMs = nowMs + Math.min(this.#firstPauseMs * 2 ** beyond, LONGEST_PAUSE_MS);
  }

  /** The attempt was right: the client starts afresh. */
  succeeded(client: string | null): void {
    this.#clients.delete(client ?? '');
  }

  /** Attempts left before a pause, and what is left of the pause, ms. */
  state(client: string | null): { readonly attemptsLeft: number; readonly retryAfterMs: number } {
    const record = this.#clients.get(client ?? '');
    if (record === undefined) return { attemptsLeft: FREE_ATTEMPTS, retryAfterMs: 0 };
    return {
      attemptsLeft: Math.max(0, FREE_ATTEMPTS - record.failures),
      retryAfterMs: Math.max(0, record.pausedUntilMs - this.#clock.now()),
    };
  }

  #recordOf(client: string, nowMs: number): Failures {
    const known = this.#clients.get(client);
    if (known !== undefined && nowMs - known.lastAtMs < FORGET_AFTER_MS) return known;
    const record = { failures: 0, pausedUntilMs: 0, lastAtMs: nowMs };
    this.#clients.delete(client);
    this.#clients.set(client, record);
    const oldest = this.#clients.size > MOST_CLIENTS ? this.#clients.keys().next().value : undefined;
    if (oldest !== undefined) this.#clients.delete(oldest);
    return record;
  }
}

function refusal(leftMs: number): TightropeError {
  const seconds = Math.max(1, Math.ceil(leftMs / 1000));
  return new TightropeError('too_many_attempts', {
    message: `Too many failed attempts. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds) },
  });
}
