/** The tables `quota_snapshots` and `usage_history`. Reads go to a reader, changes into the caller's transaction. */
import type { Knex } from 'knex';
import type { WindowClass } from '../contract/quota';
import type { AppendTarget } from '../platform/database';
import { insertFromJson } from '../platform/dialect';

/** One row of `quota_snapshots`. */
export interface QuotaSnapshotRow {
  readonly account_id: string;
  readonly node_id: string;
  readonly snapshot: string;
  readonly updated_at_ms: number;
}

/** One row of `usage_history`: times UTC ms, percent 0 to 100. */
export interface UsageSampleRow {
  readonly id: string;
  readonly node_id: string;
  readonly account_id: string;
  readonly family: string;
  readonly observed_at_ms: number;
  readonly window_class: WindowClass;
  readonly used_percent: number;
  readonly window_seconds: number | null;
  readonly reset_at_ms: number | null;
  readonly source: string;
}

/** The highest sample of one class in one bucket. */
export interface TrendBucket {
  readonly window_class: WindowClass;
  readonly bucket_ms: number;
  readonly used_percent: number;
}

export interface HistoryAge {
  readonly samples: number;
  readonly oldest_ms: number | null;
  readonly newest_ms: number | null;
}

const SNAPSHOTS = 'quota_snapshots';
const HISTORY = 'usage_history';

const COLUMNS: Readonly<Record<keyof UsageSampleRow, null>> = {
  id: null,
  node_id: null,
  account_id: null,
  family: null,
  observed_at_ms: null,
  window_class: null,
  used_percent: null,
  window_seconds: null,
  reset_at_ms: null,
  source: null,
};

/** Where samples are appended. */
export const USAGE_HISTORY_TARGET: AppendTarget = {
  name: HISTORY,
  statement: insertFromJson(
    HISTORY,
    Object.keys(COLUMNS).map((column) => ({ column })),
  ),
};

/** Bound parameters per statement stay far below SQLite's limit. */
const ROWS_PER_STATEMENT = 100;

export class QuotaStore {
  readonly #read: Knex;

  constructor(read: Knex) {
    this.#read = read;
  }

  snapshots(): Promise<QuotaSnapshotRow[]> {
    return this.#read<QuotaSnapshotRow>(SNAPSHOTS).select('*');
  }

  /** Inserts or replaces; rows of accounts that are gone meanwhile are left out. */
  async saveSnapshots(trx: Knex.Transaction, rows: readonly QuotaSnapshotRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += ROWS_PER_STATEMENT) {
      const some = rows.slice(from, from + ROWS_PER_STATEMENT);
      const ids = some.map((row) => row.account_id);
      const present = await trx<{ id: string }>('accounts').whereIn('id', ids).select('id');
      const known = new Set(present.map(({ id }) => id));
      const kept = some.filter((row) => known.has(row.account_id));
      if (kept.length > 0) await trx<QuotaSnapshotRow>(SNAPSHOTS).insert(kept).onConflict('account_id').merge();
    }
  }

  /** Highest sample by class and bucket, oldest bucket first. Buckets begin at multiples of `bucketMs` since 1970 UTC. */
  trend(accountId: string, family: string, sinceMs: number, bucketMs: number): Promise<TrendBucket[]> {
    return rows<TrendBucket>(
      this.#read(HISTORY)
        .where({ account_id: accountId, family })
        .where('observed_at_ms', '>=', sinceMs)
        .select('window_class', this.#read.raw('observed_at_ms - observed_at_ms % ? as bucket_ms', [bucketMs]))
        .max({ used_percent: 'used_percent' })
        .groupBy('window_class', 'bucket_ms')
        .orderBy('bucket_ms'),
    );
  }

  async historyAge(accountId: string): Promise<HistoryAge> {
    const [age] = await rows<HistoryAge>(
      this.#read(HISTORY)
        .where('account_id', accountId)
        .count({ samples: '*' })
        .min({ oldest_ms: 'observed_at_ms' })
        .max({ newest_ms: 'observed_at_ms' }),
    );
    return age ?? { samples: 0, oldest_ms: null, newest_ms: null };
  }

  /** Deletes up to `limit` samples older than `beforeMs`; returns how many. */
  async deleteSamples(trx: Knex.Transaction, beforeMs: number, limit: number): Promise<number> {
    const old = trx<UsageSampleRow>(HISTORY).where('observed_at_ms', '<', beforeMs).limit(limit).select('id');
    return trx<UsageSampleRow>(HISTORY).whereIn('id', old).delete();
  }
}

/** knex types the rows of aggregates as `any`: the query above says what they are. */
async function rows<T>(query: PromiseLike<unknown>): Promise<T[]> {
  return (await query) as T[];
}
