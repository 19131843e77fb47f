/** Reads `request_logs` on the read connections. Newest first: `requested_at_ms` descending, then `id` descending. */
import type { Knex } from 'knex';
import type { LogPosition } from './request-log-cursor';
import type { LogFilter, LogOutcome, LogPageRequest } from './request-log-query';
import type { RequestLogRow } from './request-log-row';

/** Sums of one account. `costMicroUsd` is `null` when none of its rows has a known cost. */
export interface AccountUsage {
  readonly requests: number;
  readonly costMicroUsd: number | null;
}

/** What the table holds that a reader may filter by, sorted. */
export interface LogValues {
  readonly accountIds: string[];
  readonly models: string[];
}

const TABLE = 'request_logs';
const SEARCHED = ['request_id', 'model', 'error_code', 'error_message', 'path'] as const;

/** Queries of the request log. */
export class RequestLogStore {
  constructor(private readonly read: Knex) {}

  /** Up to `limit` rows from the cursor or offset on. */
  page(request: LogPageRequest): Promise<RequestLogRow[]> {
    const query = this.filtered(request.filter)
      .select<RequestLogRow[]>('*')
      .orderBy([
        { column: 'requested_at_ms', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(request.limit)
      .offset(request.offset);
    if (request.after !== null) olderThan(query, request.after);
    return rows(query);
  }

  /** How many rows pass the filter, wherever the page begins. */
  async total(filter: LogFilter): Promise<number> {
    const [row] = await rows<{ total: number }>(this.filtered(filter).count({ total: '*' }));
    return Number(row?.total ?? 0);
  }

  /** The row with this id, or the newest one with this request id (clients may repeat theirs). */
  async find(idOrRequestId: string): Promise<RequestLogRow | null> {
    const row = await this.read<RequestLogRow>(TABLE)
      .where({ id: idOrRequestId })
      .orWhere({ request_id: idOrRequestId })
      .orderBy([
        { column: 'requested_at_ms', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .first<RequestLogRow | undefined>('*');
    return row ?? null;
  }

  /** Requests and cost per account since `sinceMs` (UTC ms); rows without an account do not count. */
  async usageByAccount(sinceMs: number): Promise<Map<string, AccountUsage>> {
    const found = await rows<{ account_id: string; requests: number; cost: number | null }>(
      this.read(TABLE)
        .where('requested_at_ms', '>=', sinceMs)
        .whereNotNull('account_id')
        .groupBy('account_id')
        .select('account_id')
        .count({ requests: '*' })
        .sum({ cost: 'cost_micro_usd' }),
    );
    return new Map(
      found.map((row) => [
        row.account_id,
        { requests: Number(row.requests), costMicroUsd: row.cost === null ? null : Number(row.cost) },
      ]),
    );
  }

  /** Distinct accounts and models. */
  async values(): Promise<LogValues> {
    const [accountIds, models] = await Promise.all([this.distinct('account_id'), this.distinct('model')]);
    return { accountIds, models };
  }

  private async distinct(column: 'account_id' | 'model'): Promise<string[]> {
    const found = await rows<{ value: string }>(
      this.read(TABLE).distinct({ value: column }).whereNotNull(column).orderBy('value'),
    );
    return found.map((row) => row.value);
  }

  private filtered(filter: LogFilter): Knex.QueryBuilder {
    const query = this.read(TABLE);
    if (filter.accountId !== undefined) query.where('account_id', filter.accountId);
    if (filter.model !== undefined) query.where('model', filter.model);
    if (filter.sinceMs !== undefined) query.where('requested_at_ms', '>=', filter.sinceMs);
    if (filter.untilMs !== undefined) query.where('requested_at_ms', '<', filter.untilMs);
    if (filter.status !== undefined) withOutcome(query, filter.status);
    if (filter.search !== undefined) containing(query, filter.search);
    return query;
  }
}

/** Rows strictly after this place in the list. Spelled out instead of a row value, so that the index serves it on every engine. */
function olderThan(query: Knex.QueryBuilder, position: LogPosition): void {
  query.where('requested_at_ms', '<=', position.requestedAtMs).where((older) => {
    older.where('requested_at_ms', '<', position.requestedAtMs).orWhere('id', '<', position.id);
  });
}

function withOutcome(query: Knex.QueryBuilder, outcome: LogOutcome): void {
  if (outcome === 'ok') {
    query.where('status_code', '<', 400).whereNull('error_code');
  } else if (outcome === 'warn') {
    query.whereBetween('status_code', [400, 499]);
  } else {
    query.where((failed) => {
      failed.where('status_code', '>=', 500).orWhere((inside) => {
        inside.where('status_code', '<', 400).whereNotNull('error_code');
      });
    });
  }
}

/** `%`, `_` and the escape character itself are plain text to the person who searches. */
function containing(query: Knex.QueryBuilder, text: string): void {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  query.where((any) => {
    for (const column of SEARCHED) any.orWhereRaw("lower(??) LIKE lower(?) ESCAPE '\\'", [column, pattern]);
  });
}

/** Awaits a builder whose columns knex cannot type by itself. */
async function rows<Row>(query: Knex.QueryBuilder<object, Row[]> | Knex.QueryBuilder): Promise<Row[]> {
  return (await query) as Row[];
}
