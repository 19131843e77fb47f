/** Recurring jobs of the process. */
import type { Logger } from './logger';
import { endsWithin } from './time-limit';

/** How a job recurs. */
export interface JobOptions {
  /** Share of the interval (0 to 1) by which each pause is longer, at random: many installations must not act at once. */
  readonly jitter?: number;
  /** Runs at once, too; otherwise first after one interval. */
  readonly runAtStart?: boolean;
}

/** Runs jobs until it is stopped. */
export interface Scheduler {
  /**
   * Runs `body` again and again with `intervalMs` between the end of one run and the start of the next. What it throws
   * is logged and the job goes on. `signal` aborts when the scheduler stops.
   */
  every(name: string, intervalMs: number, body: (signal: AbortSignal) => Promise<void>, options?: JobOptions): void;
  /** Runs `body` once, `delayMs` from now; otherwise like `every`. */
  once(name: string, delayMs: number, body: (signal: AbortSignal) => Promise<void>): void;
  /** No further runs; aborts the running ones and waits for their end, at most 5 s. */
  stop(): Promise<void>;
}

const STOP_BOUND_MS = 5000;

/** Longest delay that `setTimeout` keeps; it fires at once beyond (Node's documentation of timers). */
const MAX_DELAY_MS = 2_147_483_647;

/** Creates a scheduler. Its timers do not keep the process alive. */
export function createScheduler(logger: Logger): Scheduler {
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  function later(delayMs: number, job: () => void): void {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        job();
      },
      Math.min(delayMs, MAX_DELAY_MS),
    );
    timer.unref();
    timers.add(timer);
  }

  async function runOnce(name: string, body: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await body(stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) logger.debug('job_aborted', { job: name });
      else logger.error('job_failed', { job: name, error });
    }
  }

  function run(name: string, body: (signal: AbortSignal) => Promise<void>, then: () => void = () => undefined): void {
    const done = runOnce(name, body).finally(() => {
      running.delete(done);
      then();
    });
    running.add(done);
  }

  return {
    every(name, intervalMs, body, { jitter = 0, runAtStart = false } = {}) {
      const pause = (): number => intervalMs * (1 + jitter * Math.random());
      const again = (): void => run(name, body, () => later(pause(), again));
      later(runAtStart ? 0 : pause(), again);
    },

    once(name, delayMs, body) {
      later(delayMs, () => run(name, body));
    },

    async stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      const ended = await endsWithin(Promise.all(running), STOP_BOUND_MS);
      if (!ended) logger.warn('jobs_still_running', { jobs: running.size });
    },
  };
}
