/** Reads a JSON object that the upstream answered with; what is none is the upstream's fault, not the client's. */
import { TightropeError } from '../../platform/errors';
import { isRecord, type Json } from './json-record';
import { scanTopLevel, type TopLevel } from './top-level';

/** The members of a large answer, unparsed. Throws TightropeError `upstream_error`. */
export function scanUpstreamObject(body: Buffer): TopLevel {
  try {
    return scanTopLevel(body);
  } catch (error) {
    throw new TightropeError('upstream_error', { message: 'Invalid JSON from upstream', cause: error });
  }
}

/** Throws TightropeError `upstream_error` (messages: spec/proxy.md 1.2). */
export function parseUpstreamObject(body: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new TightropeError('upstream_error', { message: 'Invalid JSON from upstream', cause: error });
  }
  if (!isRecord(value)) throw new TightropeError('upstream_error', { message: 'Invalid JSON from upstream' });
  return value;
}
