/** Times in query strings. */
import { TightropeError } from '../platform/errors';
import { readCount } from './query-numbers';

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * UTC ms of ISO 8601 with a zone (no zone = UTC, a date alone = its first millisecond), or of UTC milliseconds; `null` when
 * the parameter is absent or empty.
 *
 * @throws TightropeError `invalid_query` naming the parameter
 */
export function readQueryTime(name: string, text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const given = text.trim();
  const milliseconds = readCount(given) ?? (ISO.test(given) ? Date.parse(withZone(given)) : Number.NaN);
  if (Number.isSafeInteger(milliseconds)) return milliseconds;
  const message = `${name} must be an ISO 8601 time or UTC milliseconds.`;
  throw new TightropeError('invalid_query', { message, param: name });
}

/** `Date.parse` reads a time without a zone as local time; on this API it is UTC. */
function withZone(iso: string): string {
  return iso.length > 10 && !/(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso) ? `${iso}Z` : iso;
}
