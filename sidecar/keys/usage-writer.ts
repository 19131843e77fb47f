/**
 * Writes what keys use behind the turns, never before them: counters as they stand and reservations that are open, gathered for a
 * moment and put into one transaction, so that the file always shows one state of a key.
 */
import type { Knex } from 'knex';
import type { Clock } from '../platform/clock';
import { LogThrottle } from '../platform/log-throttle';
import type { Logger } from '../platform/logger';
import type { KeyMeter } from './key-meter';
import type { ReservationRow } from './key-row';
import type { KeysStore } from './keys-store';

export interface UsageWriterOptions {
  readonly store: KeysStore;
  readonly transaction: <T>(body: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** As long as the write queue gathers its rows (design §4), ms. */
const GATHER_MS = 50;
/** After a failure of the disk, ms. */
const RETRY_MS = 1000;

interface Batch {
  readonly meters: Map<string, KeyMeter>;
  readonly opened: Map<string, ReservationRow>;
  readonly closed: Set<string>;
}

export class UsageWriter {
  readonly #options: UsageWriterOptions;
  readonly #throttle: LogThrottle;
  #waiting: Batch = emptyBatch();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<boolean> = Promise.resolve(true);

  constructor(options: UsageWriterOptions) {
    this.#options = options;
    this.#throttle = new LogThrottle(options.logger);
  }

  opened(row: ReservationRow): void {
    this.#waiting.opened.set(row.id, row);
    this.#soon(GATHER_MS);
  }

  /** The counters of the key have changed, too. A reservation that was never written leaves no trace. */
  closed(reservationId: string, keyId: string, meter: KeyMeter): void {
    if (!this.#waiting.opened.delete(reservationId)) this.#waiting.closed.add(reservationId);
    this.changed(keyId, meter);
  }

  /** What the key has used differs from what is stored. */
  changed(keyId: string, meter: KeyMeter): void {
    this.#waiting.meters.set(keyId, meter);
    this.#soon(GATHER_MS);
  }

  /** Writes what is waiting; resolves with whether that was possible. */
  flush(): Promise<boolean> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  #soon(delayMs: number): void {
    this.#timer ??= setTimeout(() => void this.flush(), delayMs);
  }

  async #write(): Promise<boolean> {
    const batch = this.#waiting;
    if (batch.meters.size + batch.opened.size + batch.closed.size === 0) return true;
    this.#waiting = emptyBatch();
    try {
      await this.#options.transaction((trx) => this.#store(trx, batch));
      return true;
    } catch (error) {
      this.#throttle.log('warn', 'api_key_usage_not_written', 'database', { error });
      this.#putBack(batch);
      this.#soon(RETRY_MS);
      return false;
    }
  }

  async #store(trx: Knex.Transaction, { meters, opened, closed }: Batch): Promise<void> {
    const { store, clock } = this.#options;
    if (opened.size > 0) await store.insertReservations(trx, [...opened.values()]);
    if (closed.size > 0) await store.deleteReservations(trx, [...closed]);
    for (const [keyId, meter] of meters) {
      const { totals } = meter;
      await store.change(trx, keyId, {
        last_used_at_ms: meter.lastUsedAtMs,
        used_requests: totals.requests,
        used_input_tokens: totals.inputTokens,
        used_output_tokens: totals.outputTokens,
        used_total_tokens: totals.totalTokens,
        used_cost_micro_usd: totals.costMicroUsd,
      });
      for (const counter of meter.counters) {
        const { currentValue, resetAtMs } = counter.stateAt(clock.now());
        await store.countLimit(trx, { id: counter.terms.id, current_value: currentValue, reset_at_ms: resetAtMs });
      }
    }
  }

  /** What has happened since then counts on top. */
  #putBack({ meters, opened, closed }: Batch): void {
    const now = this.#waiting;
    for (const [id, row] of opened) if (!now.closed.delete(id)) now.opened.set(id, row);
    for (const id of closed) now.closed.add(id);
    for (const [id, meter] of meters) now.meters.set(id, meter);
  }
}

function emptyBatch(): Batch {
  return { meters: new Map(), opened: new Map(), closed: new Set() };
}
