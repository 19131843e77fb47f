/**
 * One lane for all refreshes of an OAuth client: one at a time, a little apart, those that somebody waits for first. Pools
 * that refresh many logins side by side report logins that are revoked in bursts (spec/field.md 3, row 8).
 */

interface Waiting {
  readonly key: string;
  urgent: boolean;
  readonly start: () => Promise<void>;
  readonly giveUp: (reason: Error) => void;
}

interface RefreshLaneOptions {
  /** From the end of one to the start of the next, ms. @default 100 */
  readonly spacingMs?: number;
  /** One that takes longer, ms, no longer holds up the others. @default 5000 */
  readonly patienceMs?: number;
}

const SPACING_MS = 100;
const PATIENCE_MS = 5_000;

export class RefreshLane {
  readonly #spacingMs: number;
  readonly #patienceMs: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: Waiting[] = [];
  #occupied = false;
  #stopped = false;

  constructor({ spacingMs = SPACING_MS, patienceMs = PATIENCE_MS }: RefreshLaneOptions = {}) {
    this.#spacingMs = spacingMs;
    this.#patienceMs = patienceMs;
  }

  /** Runs the body when its turn comes. Rejects as the body does, or when the lane is stopped before the turn came. */
  run<T>(key: string, urgent: boolean, body: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const start = (): Promise<void> => body().then(resolve, reject);
      if (this.#stopped) reject(stopping());
      else this.#waiting.push({ key, urgent, start, giveUp: reject });
      this.#next();
    });
  }

  /** Somebody waits for this one now. */
  hurry(key: string): void {
    for (const waiting of this.#waiting) if (waiting.key === key) waiting.urgent = true;
  }

  /** Nothing begins any more; what runs goes on to its end. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const { giveUp } of this.#waiting.splice(0)) giveUp(stopping());
  }

  #next(): void {
    if (this.#occupied || this.#stopped) return;
    const next = this.#waiting.find(({ urgent }) => urgent) ?? this.#waiting[0];
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
    this.#occupied = true;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#later(this.#spacingMs, () => {
        this.#occupied = false;
        this.#next();
      });
    };
    const endPatience = this.#later(this.#patienceMs, leave);
    void next.start().finally(() => {
      endPatience();
      leave();
    });
  }

  /** Returns what calls it off. */
  #later(delayMs: number, body: () => void): () => void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      body();
    }, delayMs);
    timer.unref();
    this.#timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
    };
  }
}

function stopping(): Error {
  return new Error('Tightrope is stopping.');
}
