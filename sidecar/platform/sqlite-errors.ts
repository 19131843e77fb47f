/** What an error of the SQLite driver means for the one who got it. */
import { codeOf } from './thrown';

/**
 * - `row`: the values are at fault (a constraint, or no JSON); other rows may pass.
 * - `statement`: the text is at fault (no such table, syntax); trying again cannot help.
 * - `transient`: the disk, a lock or memory; the same statement may pass later.
 */
export type SqliteFailure = 'row' | 'statement' | 'transient';

/** Primary result codes (sqlite.org/rescode.html) as the driver spells them in `error.code`. */
const ROW_CODES: ReadonlySet<string> = new Set([
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_RANGE',
  'SQLITE_TOOBIG',
]);
const STATEMENT_CODES: ReadonlySet<string> = new Set(['SQLITE_ERROR', 'SQLITE_MISUSE', 'SQLITE_SCHEMA']);

/** The driver's code, `null` for errors of other origin. */
export function sqliteCode(error: unknown): string | null {
  const code = codeOf(error);
  return code?.startsWith('SQLITE_') === true ? code : null;
}

/** Sorts an error. One without a SQLite code arose while the row was turned into JSON. */
export function sqliteFailure(error: unknown): SqliteFailure {
  const code = sqliteCode(error);
  if (code === null || ROW_CODES.has(code)) return 'row';
  return STATEMENT_CODES.has(code) ? 'statement' : 'transient';
}
