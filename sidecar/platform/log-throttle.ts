/** Keeps a failure that repeats from filling the log: one line per minute and kind, with the number left out. */
import type { Logger } from './logger';

const INTERVAL_MS = 60_000;

/** Writes at most one line per kind and minute. */
export class LogThrottle {
  private readonly kinds = new Map<string, { lastMs: number; suppressed: number }>();

  /** @param nowMs a clock in ms that never goes back */
  constructor(
    private readonly logger: Logger,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** Logs `event` unless the same `kind` of it was logged within the last minute. `kind` must come from a small set. */
  log(level: 'warn' | 'error', event: string, kind: string, facts: Record<string, unknown>): void {
    const key = `${event} ${kind}`;
    const now = this.nowMs();
    const known = this.kinds.get(key);
    if (known !== undefined && now - known.lastMs < INTERVAL_MS) {
      known.suppressed += 1;
      return;
    }
    this.kinds.set(key, { lastMs: now, suppressed: 0 });
    const suppressed = known?.suppressed ?? 0;
    this.logger[level](event, suppressed > 0 ? { ...facts, repeatedSinceLastLine: suppressed } : facts);
  }
}
