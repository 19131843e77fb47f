/** The opaque cursor of `GET /api/logs`: the place of the last row shown, so that rows arriving meanwhile shift nothing. */
import { TightropeError } from '../platform/errors';

/** A place in the order "newest request first, then larger id first". */
export interface LogPosition {
  /** UTC ms. */
  readonly requestedAtMs: number;
  readonly id: string;
}

/** The cursor that continues after this row. */
export function encodeCursor(position: LogPosition): string {
  return Buffer.from(`${position.requestedAtMs}:${position.id}`, 'utf8').toString('base64url');
}

const PLAIN = /^(\d{1,16}):([\x21-\x7e]{1,64})$/;

/**
 * The place a cursor stands for.
 * @throws TightropeError `invalid_query` naming `cursor`.
 */
export function decodeCursor(cursor: string): LogPosition {
  const match = PLAIN.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  const [, requestedAtMs, id] = match ?? [];
  if (requestedAtMs === undefined || id === undefined || !Number.isSafeInteger(Number(requestedAtMs))) {
    throw new TightropeError('invalid_query', {
      message: 'cursor must be the nextCursor of an earlier page.',
      param: 'cursor',
    });
  }
  return { requestedAtMs: Number(requestedAtMs), id };
}
