/** Keeps what is known over restarts: the newest snapshot of every account, and its samples over time. */
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import { MAX_TREND_DAYS } from '../contract/quota';
import type { QuotaBook } from './quota-book';
import type { QuotaStore } from './quota-store';
import { type QuotaSnapshotRow } from './quota-store';
import { snapshotReader, storedText } from './stored-snapshot';
import { UsageHistory } from './usage-history';

export interface QuotaKeeperOptions {
  readonly database: Pick<Database, 'write'>;
  readonly store: QuotaStore;
  readonly book: QuotaBook;
  readonly nodeId: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DAY_MS = 86_400_000;
/** Rows per transaction: the writer is free for others in between. */
const DELETED_AT_ONCE = 1000;

export class QuotaKeeper {
  readonly #options: QuotaKeeperOptions;
  readonly #history: UsageHistory;

  constructor(options: QuotaKeeperOptions) {
    this.#options = options;
    this.#history = new UsageHistory(options.database.write, options.nodeId);
  }

  /** Reads what an earlier process knew. */
  async load(): Promise<void> {
    const { store, book, clock, logger } = this.#options;
    const read = snapshotReader();
    for (const row of await store.snapshots()) {
      const snapshot = read(row.snapshot);
      if (snapshot === null) {
        logger.warn('quota_snapshot_unreadable', { accountId: row.account_id });
        continue;
      }
      book.restore(row.account_id, snapshot, clock.now());
      this.#history.restore(row.account_id, snapshot);
    }
  }

  /** Appends due samples and stores the snapshots that changed. A failure is logged; the next run tries again. */
  async run(): Promise<void> {
    try {
      await this.store();
    } catch (error) {
      this.#options.logger.warn('quota_not_stored', { reason: messageOf(error) });
    }
  }

  /** A reader sees what was observed before it asked. While the disk fails it is shown what is stored. */
  async catchUp(): Promise<void> {
    await this.run();
    try {
      await this.#options.database.write.flush();
    } catch (error) {
      this.#options.logger.warn('usage_history_read_without_flush', { reason: messageOf(error) });
    }
  }

  /** Deletes samples that no trend reaches any more. */
  async deleteOld(signal: AbortSignal): Promise<void> {
    const { database, store, clock } = this.#options;
    // One day more than the longest trend, whose first bucket begins early.
    const beforeMs = clock.now() - (MAX_TREND_DAYS + 1) * DAY_MS;
    for (let deleted = DELETED_AT_ONCE; deleted === DELETED_AT_ONCE && !signal.aborted;) {
      deleted = await database.write.transaction((trx) => store.deleteSamples(trx, beforeMs, DELETED_AT_ONCE));
    }
  }

  forget(accountId: string): void {
    this.#history.forget(accountId);
  }

  /** Like `run`, but rejects with the database's error. */
  async store(): Promise<void> {
    const { database, store, book, nodeId, clock } = this.#options;
    const changed = book.takeChanged();
    if (changed.size === 0) return;
    const rows: QuotaSnapshotRow[] = [];
    for (const accountId of changed) {
      const snapshot = book.snapshot(accountId);
      this.#history.note(accountId, snapshot);
      rows.push({
        account_id: accountId,
        node_id: nodeId,
        snapshot: storedText(snapshot),
        updated_at_ms: clock.now(),
      });
    }
    try {
      await database.write.transaction((trx) => store.saveSnapshots(trx, rows));
    } catch (error) {
      book.putBack(changed);
      throw error;
    }
  }
}
