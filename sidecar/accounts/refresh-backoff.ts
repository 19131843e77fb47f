/** How long a login is left alone after a refresh that failed for a passing reason. */
import type { Clock } from '../platform/clock';
import type { TightropeError } from '../platform/errors';
import type { RosterEntry } from './roster';

interface Pause {
  /** The login it is about: a newer one starts with a clean slate. */
  readonly tokenGeneration: number;
  readonly loginEpoch: number;
  readonly failures: number;
  readonly untilMs: number;
  readonly error: TightropeError;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

export class RefreshBackoff {
  readonly #pauses = new Map<string, Pause>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The error of the last attempt while its pause lasts, else `null`. */
  heldBack(entry: RosterEntry): TightropeError | null {
    const pause = this.#pauseOf(entry);
    return pause !== null && this.#clock.now() < pause.untilMs ? pause.error : null;
  }

  /** Starts the next, longer pause: 5 s doubled up to 5 min, plus up to a quarter; never shorter than asked for. */
  hold(entry: RosterEntry, error: TightropeError, askedMs: number | null): void {
    const failures = (this.#pauseOf(entry)?.failures ?? 0) + 1;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS) * (1 + Math.random() / 4);
    const { token_generation: tokenGeneration, id } = entry.facts;
    const untilMs = this.#clock.now() + Math.max(pauseMs, Math.min(askedMs ?? 0, LONGEST_PAUSE_MS));
    this.#pauses.set(id, { tokenGeneration, loginEpoch: entry.loginEpoch, failures, untilMs, error });
  }

  clear(accountId: string): void {
    this.#pauses.delete(accountId);
  }

  #pauseOf({ facts, loginEpoch }: RosterEntry): Pause | null {
    const pause = this.#pauses.get(facts.id);
    if (pause === undefined) return null;
    return pause.tokenGeneration === facts.token_generation && pause.loginEpoch === loginEpoch ? pause : null;
  }
}
