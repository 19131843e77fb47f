/**
 * Adds every closed turn to the sums of its hour and its day. A second's turns are added up in memory and written as one
 * row per group: a `kill -9` costs the sums at most that second, while the rows of the log are safe.
 */
import type { AppendTarget, Database } from '../platform/database';
import { addFromJson } from '../platform/dialect';
import { bucketOf } from './latency-buckets';
import type { RequestLogRow } from './request-log-row';

/** Sums of one group, as they are stored. */
export interface UsageSums {
  requests: number;
  errors: number;
  retried: number;
  sticky: number;
  /** Turns with tokens whose model has no known price. */
  unpriced: number;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  total_tokens: number;
  cost_micro_usd: number;
}

export type LatencyMetric = 'total' | 'first_token';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
export const SPANS_MS = [HOUR_MS, DAY_MS] as const;

export const DIMENSIONS = ['account_id', 'api_key_id', 'model', 'client'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export const SUM_NAMES: readonly (keyof UsageSums)[] = [
  'requests',
  'errors',
  'retried',
  'sticky',
  'unpriced',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'cost_micro_usd',
];

const KEYS = ['span_ms', 'start_at_ms', ...DIMENSIONS];
const SUMS_TARGET: AppendTarget = { name: 'usage_rollups', statement: addFromJson('usage_rollups', KEYS, SUM_NAMES) };
const LATENCIES_TARGET: AppendTarget = {
  name: 'usage_latencies',
  statement: addFromJson('usage_latencies', [...KEYS, 'metric', 'bucket'], ['turns']),
};

const FLUSH_MS = 1000;
/** Models and clients are names that callers choose: so many of each are told apart, the rest is `other`. */
const MAX_NAMES = 300;
const OTHER = 'other';

interface Group {
  readonly place: Readonly<Record<Dimension, string>> & { readonly start_at_ms: number };
  readonly sums: UsageSums;
  readonly latencies: Map<string, { readonly metric: LatencyMetric; readonly bucket: number; turns: number }>;
}

export class UsageRollups {
  readonly #write: Pick<Database['write'], 'append'>;
  #groups = new Map<string, Group>();
  #timer: NodeJS.Timeout | null = null;
  readonly #models = new Set<string>();
  readonly #clients = new Set<string>();

  constructor(write: Pick<Database['write'], 'append'>) {
    this.#write = write;
  }

  /** Neither waits nor throws. */
  add(row: RequestLogRow): void {
    const { sums, latencies } = this.#groupOf(row);
    sums.requests += 1;
    if (row.status_code >= 400 || row.error_code !== null) sums.errors += 1;
    if (row.attempts > 1) sums.retried += 1;
    sums.sticky += row.sticky;
    if (row.cost_micro_usd === null && (row.total_tokens ?? 0) > 0) sums.unpriced += 1;
    sums.input_tokens += row.input_tokens ?? 0;
    sums.cached_tokens += row.cached_tokens ?? 0;
    sums.output_tokens += row.output_tokens ?? 0;
    sums.reasoning_tokens += row.reasoning_tokens ?? 0;
    sums.total_tokens += row.total_tokens ?? 0;
    sums.cost_micro_usd += row.cost_micro_usd ?? 0;
    note(latencies, 'total', row.latency_ms);
    note(latencies, 'first_token', row.first_token_ms);
    this.#timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** Hands what was added to the write queue. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const groups = this.#groups;
    this.#groups = new Map();
    for (const { place, sums, latencies } of groups.values()) {
      for (const span of SPANS_MS) {
        const key = { ...place, span_ms: span, start_at_ms: place.start_at_ms - (place.start_at_ms % span) };
        this.#write.append(SUMS_TARGET, { ...key, ...sums });
        for (const latency of latencies.values()) this.#write.append(LATENCIES_TARGET, { ...key, ...latency });
      }
    }
  }

  #groupOf(row: RequestLogRow): Group {
    const start = row.requested_at_ms - (row.requested_at_ms % HOUR_MS);
    const model = bounded(this.#models, row.model ?? '');
    const client = bounded(this.#clients, row.client ?? '');
    const key = [start, row.account_id, row.api_key_id, model, client].join('\n');
    let group = this.#groups.get(key);
    if (group === undefined) {
      const place = {
        start_at_ms: start,
        account_id: row.account_id ?? '',
        api_key_id: row.api_key_id ?? '',
        model,
        client,
      };
      group = { place, sums: noUsage(), latencies: new Map() };
      this.#groups.set(key, group);
    }
    return group;
  }
}

/** Sums of nothing. */
export function noUsage(): UsageSums {
  return {
    requests: 0,
    errors: 0,
    retried: 0,
    sticky: 0,
    unpriced: 0,
    input_tokens: 0,
    cached_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    total_tokens: 0,
    cost_micro_usd: 0,
  };
}

function note(latencies: Group['latencies'], metric: LatencyMetric, ms: number | null): void {
  if (ms === null) return;
  const bucket = bucketOf(ms);
  const key = `${metric} ${String(bucket)}`;
  const known = latencies.get(key);
  if (known === undefined) latencies.set(key, { metric, bucket, turns: 1 });
  else known.turns += 1;
}

function bounded(known: Set<string>, name: string): string {
  if (name === '' || known.has(name)) return name;
  if (known.size >= MAX_NAMES) return OTHER;
  known.add(name);
  return name;
}
