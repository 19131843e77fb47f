/** Reads the sums by hour and by day. */
import type { Knex } from 'knex';
import type { LatencyBuckets } from './latency-buckets';
import type { UsageRange } from './report-query';
import { SUM_NAMES, type Dimension, type LatencyMetric, type UsageSums } from './usage-rollups';

/** What sums are told apart by. */
export type UsageColumn = 'start_at_ms' | Dimension;

/** Sums and durations of one group; `place` holds the columns that were asked for. */
export interface UsageSlice {
  readonly place: Readonly<Partial<Record<UsageColumn, string | number>>>;
  readonly sums: UsageSums;
  readonly latencies: Readonly<Record<LatencyMetric, LatencyBuckets>>;
}

type Place = Partial<Record<UsageColumn, string | number>>;

export class UsageStore {
  readonly #read: Knex;

  constructor(read: Knex) {
    this.#read = read;
  }

  /** One slice per combination of the columns that has turns, in no order; one at most without columns. */
  async slices(range: UsageRange, columns: readonly UsageColumn[]): Promise<readonly UsageSlice[]> {
    const [sums, latencies] = await Promise.all([this.#sums(range, columns), this.#latencies(range, columns)]);
    const durations = new Map<string, Record<LatencyMetric, Map<number, number>>>();
    for (const row of latencies) {
      const key = keyOf(row, columns);
      const known = durations.get(key) ?? { total: new Map(), first_token: new Map() };
      known[row.metric].set(Number(row.bucket), Number(row.turns));
      durations.set(key, known);
    }
    const none = { total: new Map<number, number>(), first_token: new Map<number, number>() };
    return sums.map((row) => ({
      place: Object.fromEntries(columns.map((column) => [column, row[column]])),
      sums: sumsOf(row),
      latencies: durations.get(keyOf(row, columns)) ?? none,
    }));
  }

  async #sums(range: UsageRange, columns: readonly UsageColumn[]): Promise<readonly (Place & UsageSums)[]> {
    const query = this.#within('usage_rollups', range).select(columns);
    if (columns.length > 0) void query.groupBy(columns);
    for (const name of SUM_NAMES) void query.sum({ [name]: name });
    const rows = (await query) as (Place & UsageSums)[];
    // Without columns there is one row even when nothing was summed up.
    return rows.filter(({ requests }) => Number(requests) > 0);
  }

  async #latencies(
    range: UsageRange,
    columns: readonly UsageColumn[],
  ): Promise<readonly (Place & { metric: LatencyMetric; bucket: number; turns: number })[]> {
    const grouped = [...columns, 'metric', 'bucket'];
    const query = this.#within('usage_latencies', range).select(grouped).groupBy(grouped).sum({ turns: 'turns' });
    return (await query) as (Place & { metric: LatencyMetric; bucket: number; turns: number })[];
  }

  #within(table: string, { spanMs, sinceMs, untilMs, filter }: UsageRange): Knex.QueryBuilder {
    return this.#read(table)
      .where({ span_ms: spanMs, ...filter })
      .where('start_at_ms', '>=', sinceMs)
      .where('start_at_ms', '<', untilMs);
  }
}

function keyOf(row: Place, columns: readonly UsageColumn[]): string {
  return columns.map((column) => String(row[column])).join('\n');
}

function sumsOf(row: UsageSums): UsageSums {
  return Object.fromEntries(SUM_NAMES.map((name) => [name, Number(row[name])])) as unknown as UsageSums;
}
