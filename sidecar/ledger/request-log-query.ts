/** The query of `GET /api/logs`, from URL text to checked values (spec/admin-api.md 7.1). */
import type { RequestLogQuery } from '../contract/request-log';
import { readCount, readLimit } from './query-numbers';
import { readQueryTime } from './query-time';
import { decodeCursor, type LogPosition } from './request-log-cursor';

/** `ok` = below 400 without an error code, `warn` = 4xx, `error` = 5xx, or an error code inside an answer below 400. */
export type LogOutcome = 'ok' | 'warn' | 'error';

/** All values of `LogOutcome`, in the order people read them. */
export const LOG_OUTCOMES: readonly LogOutcome[] = ['ok', 'warn', 'error'];

/** What rows a reader wants; absent = all. */
export interface LogFilter {
  readonly accountId?: string;
  readonly model?: string;
  readonly status?: LogOutcome;
  /** Part of the request id, model, error code, error message or path, in any case. */
  readonly search?: string;
  /** UTC ms, inclusive. */
  readonly sinceMs?: number;
  /** UTC ms, exclusive. */
  readonly untilMs?: number;
}

/** One checked page request. With a cursor the offset is 0: the cursor says where to begin. */
export interface LogPageRequest {
  readonly filter: LogFilter;
  readonly limit: number;
  readonly offset: number;
  readonly after: LogPosition | null;
}

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 500;

/**
 * Checks one query. An empty parameter counts as absent; `limit` and `offset` that are no counts fall back to their defaults, as
 * scripts of the original rely on.
 * @throws TightropeError `invalid_query` naming `cursor`, `since` or `until`.
 */
export function readLogQuery(query: RequestLogQuery): LogPageRequest {
  const after = isGiven(query.cursor) ? decodeCursor(query.cursor) : null;
  return {
    filter: {
      ...(isGiven(query.accountId) ? { accountId: query.accountId } : {}),
      ...(isGiven(query.model) ? { model: query.model } : {}),
      ...(query.status === undefined ? {} : { status: query.status }),
      ...(isGiven(query.search) ? { search: query.search } : {}),
      ...timeOf('sinceMs', readQueryTime('since', query.since)),
      ...timeOf('untilMs', readQueryTime('until', query.until)),
    },
    limit: readLimit(query.limit, DEFAULT_LIMIT, MAX_LIMIT),
    offset: after === null ? (readCount(query.offset) ?? 0) : 0,
    after,
  };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function timeOf(name: 'sinceMs' | 'untilMs', ms: number | null): Partial<Record<'sinceMs' | 'untilMs', number>> {
  return ms === null ? {} : { [name]: ms };
}
