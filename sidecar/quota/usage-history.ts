/** Samples of the windows over time: one when a window has changed, at most every five minutes, at least hourly. */
import type { WriteQueue } from '../platform/database';
import { uuidv7 } from '../platform/ids';
import type { QuotaSnapshot, WindowReading } from './quota-snapshot';
import { USAGE_HISTORY_TARGET, type UsageSampleRow } from './quota-store';

/** The last sample of one window. */
interface LastSample {
  readonly atMs: number;
  readonly reading: WindowReading;
}

const LEAST_PAUSE_MS = 300_000;
/** An unchanged window is sampled this often while it is observed, so that a trend has no holes. */
const HEARTBEAT_MS = 3_600_000;

export class UsageHistory {
  readonly #write: Pick<WriteQueue, 'append'>;
  readonly #nodeId: string;
  /** By account, then by family and class. */
  readonly #last = new Map<string, Map<string, LastSample>>();

  constructor(write: Pick<WriteQueue, 'append'>, nodeId: string) {
    this.#write = write;
    this.#nodeId = nodeId;
  }

  /** Takes what was sampled before a restart as sampled. */
  restore(accountId: string, snapshot: QuotaSnapshot): void {
    const samples = this.#samplesOf(accountId);
    for (const { id, windows } of snapshot.families) {
      for (const reading of windows) samples.set(keyOf(id, reading), { atMs: reading.observedAtMs, reading });
    }
  }

  /** Appends the samples that are due. Neither waits nor throws. */
  note(accountId: string, snapshot: QuotaSnapshot): void {
    const samples = this.#samplesOf(accountId);
    for (const { id: family, windows } of snapshot.families) {
      for (const reading of windows) {
        const key = keyOf(family, reading);
        if (!isDue(samples.get(key), reading)) continue;
        samples.set(key, { atMs: reading.observedAtMs, reading });
        this.#write.append(USAGE_HISTORY_TARGET, this.#row(accountId, family, reading));
      }
    }
  }

  forget(accountId: string): void {
    this.#last.delete(accountId);
  }

  #samplesOf(accountId: string): Map<string, LastSample> {
    const held = this.#last.get(accountId);
    if (held !== undefined) return held;
    const samples = new Map<string, LastSample>();
    this.#last.set(accountId, samples);
    return samples;
  }

  #row(accountId: string, family: string, reading: WindowReading): UsageSampleRow {
    return {
      id: uuidv7(),
      node_id: this.#nodeId,
      account_id: accountId,
      family,
      observed_at_ms: reading.observedAtMs,
      window_class: reading.class,
      used_percent: reading.usedPercent,
      window_seconds: reading.windowSeconds,
      reset_at_ms: reading.resetAtMs,
      source: reading.source,
    };
  }
}

function keyOf(family: string, reading: WindowReading): string {
  return `${family} ${reading.class}`;
}

/** A clock that was set back makes the last sample lie ahead: then a new count begins. */
function isDue(last: LastSample | undefined, reading: WindowReading): boolean {
  if (last === undefined) return true;
  const ageMs = reading.observedAtMs - last.atMs;
  if (ageMs < 0) return true;
  return ageMs >= HEARTBEAT_MS || (ageMs >= LEAST_PAUSE_MS && isDifferent(last.reading, reading));
}

/** Not the reset: that of an unused window moves along with the clock. */
function isDifferent(a: WindowReading, b: WindowReading): boolean {
  return a.usedPercent !== b.usedPercent || a.windowSeconds !== b.windowSeconds;
}
