/** Everything that only SQLite understands. A second database engine gets its own answers to the same questions here. */

/** A statement for the driver: text with `?` and its values. */
export interface BoundStatement {
  readonly sql: string;
  readonly bindings: readonly (string | number | null)[];
}

/** Where the value of one column comes from. */
export interface JsonColumn {
  readonly column: string;
  /** Key in the row object; the column's name when left out. */
  readonly key?: string;
  /** Stored only when this table has a row with that `id`, else NULL (a reference to a row that may be gone). */
  readonly existsIn?: string;
}

/**
 * Builds one statement that inserts any number of rows, given as a JSON array of objects. Rows that exist already
 * (same primary or unique key) are left as they are, so that a batch may be tried again. Missing keys become NULL,
 * booleans 0/1, objects and arrays their JSON text.
 *
 * One parameter for all rows is far cheaper than a statement per row (245 µs CPU each) and has no limit on placeholders.
 * `jsonb_each` (SQLite 3.51; the driver brings 3.52) hands every row on parsed: with `json_each` each column parses the
 * row's text again (measured with the 36 columns of `request_logs` and 3 indexes: 14 µs against 39 µs CPU a row).
 */
export function insertFromJson(table: string, columns: readonly JsonColumn[]): (rowsJson: string) => BoundStatement {
  const sql = `${insertSelect(table, columns)} ON CONFLICT DO NOTHING`;
  return (rowsJson) => ({ sql, bindings: [rowsJson] });
}

/** Like `insertFromJson`, but a row whose `key` columns exist already is overwritten; the last of equal ones counts. */
export function upsertFromJson(
  table: string,
  key: readonly string[],
  others: readonly string[],
): (rowsJson: string) => BoundStatement {
  const columns = [...key, ...others].map((column) => ({ column }));
  const changes = others.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ');
  const sql = `${insertSelect(table, columns)} ON CONFLICT (${key.map(quoted).join(', ')}) DO UPDATE SET ${changes}`;
  return (rowsJson) => ({ sql, bindings: [rowsJson] });
}

function insertSelect(table: string, columns: readonly JsonColumn[]): string {
  const names = columns.map(({ column }) => quoted(column)).join(', ');
  const values = columns.map(jsonValue).join(', ');
  // "WHERE true" keeps SQLite's parser from reading ON as a join constraint (sqlite.org/lang_upsert.html, 2.2).
  return `INSERT INTO ${quoted(table)} (${names}) SELECT ${values} FROM jsonb_each(?) WHERE true`;
}

/**
 * Builds one statement that adds any number of rows, given as a JSON array of objects, to the sums of their keys: rows
 * with the same keys become one, and what the table holds of them grows. Unlike `insertFromJson` it must not be tried
 * again after it was committed. No key may be NULL.
 */
export function addFromJson(
  table: string,
  keys: readonly string[],
  sums: readonly string[],
): (rowsJson: string) => BoundStatement {
  const names = [...keys, ...sums].map(quoted).join(', ');
  const keyValues = keys.map((column) => jsonValue({ column }));
  const values = [...keyValues, ...sums.map((column) => `SUM(${jsonValue({ column })})`)].join(', ');
  const grown = sums.map((column) => `${quoted(column)} = ${quoted(column)} + excluded.${quoted(column)}`).join(', ');
  const sql =
    `INSERT INTO ${quoted(table)} (${names}) SELECT ${values} FROM jsonb_each(?) WHERE true ` +
    `GROUP BY ${keyValues.join(', ')} ON CONFLICT (${keys.map(quoted).join(', ')}) DO UPDATE SET ${grown}`;
  return (rowsJson) => ({ sql, bindings: [rowsJson] });
}

function jsonValue({ column, key, existsIn }: JsonColumn): string {
  const value = `json_extract(jsonb_each.value, '$."${(key ?? column).replace(/['"]/g, '')}"')`;
  return existsIn === undefined ? value : `(SELECT id FROM ${quoted(existsIn)} WHERE id = ${value})`;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** How long a statement waits for a lock of another process, ms (design §4). */
const BUSY_TIMEOUT_MS = 5000;

/** Upper size to which a checkpoint cuts the write-ahead log back, bytes. */
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

/**
 * Settings of every connection, in this order: the busy timeout first, because switching to WAL takes a lock.
 * `foreign_keys` has no effect inside a transaction (sqlite.org/pragma.html), so it belongs here.
 */
export const CONNECTION_SETUP: readonly string[] = [
  `PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'PRAGMA foreign_keys = ON',
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = NORMAL',
  `PRAGMA journal_size_limit = ${WAL_KEPT_BYTES}`,
];

/** In addition, for connections that must not write. */
export const READER_SETUP: readonly string[] = ['PRAGMA query_only = ON'];

/** Takes the write lock at once, so that a transaction cannot fail half-way because another process wrote. */
export const BEGIN_WRITE = 'BEGIN IMMEDIATE';

/**
 * Fails where nothing can be written, and changes nothing. On a read-only file SQLite quietly begins a read transaction
 * instead (sqlite.org/lang_transaction.html), so something must be written before it is rolled back.
 */
export const WRITE_PROBE: readonly string[] = [BEGIN_WRITE, 'PRAGMA user_version = 0', 'ROLLBACK'];

/** Answers one row `ok`, or what is wrong. Only the first finding is of interest. */
export const QUICK_CHECK = 'PRAGMA quick_check(1)';

export const FOREIGN_KEYS_OFF = 'PRAGMA foreign_keys = OFF';
export const FOREIGN_KEYS_ON = 'PRAGMA foreign_keys = ON';

/** Rows whose reference points nowhere. */
export const FOREIGN_KEY_CHECK = 'PRAGMA foreign_key_check';

/** Copies the whole database, as of now, into the file that is bound. */
export const COPY_INTO = 'VACUUM INTO ?';

/** Names of all tables of the file. */
export const TABLE_NAMES =
  "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/** Takes and keeps the operating system's exclusive lock on a file, at once or not at all. */
export const HOLD_FILE_LOCK: readonly string[] = [
  'PRAGMA busy_timeout = 0',
  'PRAGMA locking_mode = EXCLUSIVE',
  // Nothing is ever written: spares the journal file.
  'PRAGMA journal_mode = MEMORY',
  'BEGIN EXCLUSIVE',
];
