/** The edge in front of `/files` and `/transcribe` stops requests that carry more than a minimal header set (codex-wire 2.2). */
import type { Exchange } from './behaviour';
import { htmlForbidden } from './error-faults';

const ALLOWED = new Set([
  'accept',
  'accept-encoding',
  'authorization',
  'chatgpt-account-id',
  'connection',
  'content-length',
  'content-type',
  'host',
  'transfer-encoding',
  'user-agent',
]);

/** Names of headers that a bulk forward would leave in. */
export function excessHeaders(names: Iterable<string>): string[] {
  return [...names].filter(
    (name) => !ALLOWED.has(name) && !name.startsWith('x-openai-') && !name.startsWith('x-codex-'),
  );
}

/** Answers 403 with the challenge page when the set is not minimal. */
export function refuseBulkHeaders(exchange: Exchange): boolean {
  if (excessHeaders(Object.keys(exchange.request.headers)).length === 0) return false;
  void htmlForbidden()(exchange);
  return true;
}
