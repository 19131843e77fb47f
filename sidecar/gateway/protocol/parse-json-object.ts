/** Parses a body whole, for the routes that translate it. */
import { TightropeError } from '../../platform/errors';
import { isRecord, type Json } from './json-record';

/** Throws TightropeError `invalid_json`. */
export function parseJsonObject(bytes: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser's own message repeats a piece of the body.
    throw new TightropeError('invalid_json', { cause: error });
  }
  if (!isRecord(value)) throw new TightropeError('invalid_json', { message: 'The body must be a JSON object.' });
  return value;
}
