/** What a row of the request log means for people. */
import type { RequestLog } from '../../sidecar/contract/request-log';

export type Outcome = 'ok' | 'warn' | 'error';

/** The same split as the filter of `GET /api/logs` (sidecar/ledger/request-log-query.ts). */
export function outcomeOf({ statusCode, errorCode }: Pick<RequestLog, 'statusCode' | 'errorCode'>): Outcome {
  if (statusCode >= 500) return 'error';
  if (statusCode >= 400) return 'warn';
  return errorCode === null ? 'ok' : 'error';
}

/** How the client came: `WS`, `SSE`, `Compact`, `Transcribe` or `HTTP`. */
export function protocolOf({ transport, stream, path }: Pick<RequestLog, 'transport' | 'stream' | 'path'>): string {
  if (transport === 'websocket') return 'WS';
  if (path.endsWith('/compact')) return 'Compact';
  if (/transcri/.test(path)) return 'Transcribe';
  return stream ? 'SSE' : 'HTTP';
}

/** Output tokens per second after the first token; `null` when it cannot be computed (spec/ui.md 19.3). */
export function decodeRate({ outputTokens, latencyMs, firstTokenMs }: RequestLog): number | null {
  if (outputTokens === null || latencyMs === null || firstTokenMs === null) return null;
  const seconds = (latencyMs - firstTokenMs) / 1000;
  return seconds <= 0 || outputTokens === 0 ? null : outputTokens / seconds;
}

/** Value at this share of the sorted list (nearest rank); `null` of an empty one. */
export function percentileOf(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
