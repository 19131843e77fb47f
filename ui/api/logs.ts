/** The request log (spec/admin-api.md 7.1, 7.2). */
import type { RequestLogDetail, RequestLogPage, RequestLogQuery } from '../../sidecar/contract/request-log';
import { call } from './request';

export function listLogs(query: RequestLogQuery, signal: AbortSignal): Promise<RequestLogPage> {
  return call('GET', '/api/logs', { query, signal });
}

/** By row id or request id. */
export function readLog(id: string, signal: AbortSignal): Promise<RequestLogDetail> {
  return call('GET', `/api/logs/${encodeURIComponent(id)}`, { signal });
}

/** Values that occur in the log. */
export interface LogOptions {
  readonly accountIds: readonly string[];
  readonly models: readonly string[];
  readonly statuses: readonly string[];
}

export function readLogOptions(signal: AbortSignal): Promise<LogOptions> {
  return call('GET', '/api/logs/options', { signal });
}
