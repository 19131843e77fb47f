/** The query of reports, from URL text to checked values. */
import type { ReportQuery } from '../contract/reports';
import { TightropeError } from '../platform/errors';
import { readQueryTime } from './query-time';
import { DAY_MS, HOUR_MS, type Dimension } from './usage-rollups';

/** A range of whole steps. `sinceMs` inclusive, `untilMs` exclusive, UTC ms. */
export interface UsageRange {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly spanMs: number;
  readonly filter: Partial<Readonly<Record<Dimension, string>>>;
}

export interface ReportRequest extends UsageRange {
  readonly groupBy: 'hour' | 'day';
  readonly by: NonNullable<ReportQuery['by']> | null;
}

export const DIMENSION_OF = { account: 'account_id', key: 'api_key_id', model: 'model', client: 'client' } as const;

const RANGES_MS = { '24h': DAY_MS, '7d': 7 * DAY_MS, '28d': 28 * DAY_MS, '30d': 30 * DAY_MS, '90d': 90 * DAY_MS };
/** Longer ones are shown by the day unless the caller wants otherwise. */
const HOURLY_UP_TO_MS = 2 * DAY_MS;
/** So many steps are worth a chart. */
const MAX_STEPS = 2400;

/** @throws TightropeError `invalid_query` naming `since`, `until` or `groupBy` */
export function readReportQuery(query: ReportQuery, nowMs: number): ReportRequest {
  const named = readQueryTime('until', query.until);
  const until = named ?? nowMs;
  const since = readQueryTime('since', query.since) ?? until - RANGES_MS[query.range ?? '24h'];
  if (since >= until) throw bad('since', 'since must be before until.');
  const groupBy = query.groupBy ?? (until - since <= HOURLY_UP_TO_MS ? 'hour' : 'day');
  const spanMs = groupBy === 'hour' ? HOUR_MS : DAY_MS;
  // A range that is counted back from now has as many steps as it names; the present one is the last of them.
  const untilMs = (named === null ? Math.floor(until / spanMs) + 1 : Math.ceil(until / spanMs)) * spanMs;
  const isCountedBack = query.since === undefined || query.since === '';
  const sinceMs = isCountedBack ? untilMs - Math.ceil((until - since) / spanMs) * spanMs : floor(since, spanMs);
  if ((untilMs - sinceMs) / spanMs > MAX_STEPS) throw bad('groupBy', 'The range has too many steps; group by day.');
  return { sinceMs, untilMs, spanMs, groupBy, by: query.by ?? null, filter: filterOf(query) };
}

function filterOf({ accountId, apiKeyId, model, client }: ReportQuery): ReportRequest['filter'] {
  return {
    ...(accountId === undefined ? {} : { account_id: accountId }),
    ...(apiKeyId === undefined ? {} : { api_key_id: apiKeyId }),
    ...(model === undefined ? {} : { model }),
    ...(client === undefined ? {} : { client }),
  };
}

function floor(ms: number, spanMs: number): number {
  return ms - (ms % spanMs);
}

function bad(param: string, message: string): TightropeError {
  return new TightropeError('invalid_query', { message, param });
}
