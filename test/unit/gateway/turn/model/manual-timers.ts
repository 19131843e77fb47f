/** The data plane's timers on a clock that the test moves. */
import type { CoarseTimer, CoarseTimers } from '../../../../../sidecar/platform/coarse-timers';

export class ManualTimers implements CoarseTimers {
  #nowMs = 0;
  readonly #armed = new Map<CoarseTimer, { dueMs: number; readonly fire: () => void }>();

  /** Timers that could still fire. */
  get armed(): number {
    return this.#armed.size;
  }

  arm(delayMs: number, fire: () => void): CoarseTimer {
    const timer: CoarseTimer = {
      rearm: (ms) => this.#armed.set(timer, { dueMs: this.#nowMs + ms, fire }),
      cancel: () => this.#armed.delete(timer),
    };
    timer.rearm(delayMs);
    return timer;
  }

  /** Fires what is due meanwhile, in no particular order. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [timer, { dueMs, fire }] of [...this.#armed]) {
      // One that fired before it may have cancelled or moved this one.
      if (dueMs > this.#nowMs || this.#armed.get(timer)?.dueMs !== dueMs) continue;
      this.#armed.delete(timer);
      fire();
    }
  }

  stop(): void {
    this.#armed.clear();
  }
}
