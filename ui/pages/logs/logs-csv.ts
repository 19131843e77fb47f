/** Log rows as CSV (RFC 4180), for spreadsheets. */
import type { RequestLog } from '../../../sidecar/contract/request-log';

const COLUMNS = [
  'requestedAt',
  'id',
  'requestId',
  'statusCode',
  'method',
  'path',
  'model',
  'reasoningEffort',
  'serviceTier',
  'accountId',
  'apiKeyId',
  'transport',
  'inputTokens',
  'cachedTokens',
  'outputTokens',
  'reasoningTokens',
  'totalTokens',
  'totalCostUsd',
  'firstTokenMs',
  'latencyMs',
  'attempts',
  'errorCode',
  'sessionId',
  'client',
] as const satisfies readonly (keyof RequestLog)[];

/** Spreadsheets run cells that begin like this as formulas: such texts get an apostrophe in front. */
const FORMULA = /^[=+\-@\t\r]/;

export function logsAsCsv(rows: readonly RequestLog[]): string {
  const lines = rows.map((row) => COLUMNS.map((name) => csvCell(row[name])).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

/** One cell; unknown is empty. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
