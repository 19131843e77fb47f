/**
 * Reads the accounts out of another program's database. The file itself is never opened: it is copied, or decrypted, into a
 * private folder that is gone when this returns (design §4; spec/data-security.md 10.1, 10.2).
 */
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TightropeError } from '../platform/errors';
import { openRaw, type SqliteConnection, type SqliteRow } from '../platform/sqlite-connection';
import { codeOf, messageOf } from '../platform/thrown';
import { decryptSqlCipher, isPlainSqlite } from './sqlcipher';

/** Largest database that is read, bytes (spec/admin-api.md 11.5). */
export const MAX_SOURCE_BYTES = 256 * 1024 * 1024;

export interface SourceFacts {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  /** `accounts:` and the sorted column names. */
  readonly schemaFingerprint: string;
  /** Whether there are more rows than were read. */
  readonly truncated: boolean;
}

export interface SourceDatabase {
  readonly facts: SourceFacts;
  readonly columns: ReadonlySet<string>;
  readonly rows: readonly SqliteRow[];
}

export interface ReadSourceOptions {
  /** Absolute. */
  readonly sourcePath: string;
  /** Spaces around it count. */
  readonly passphrase: string | null;
  readonly rowLimit: number;
  /** Private folder in which the copy is made. */
  readonly workFolder: string;
}

/** What is read of a row; any of them may be missing (spec 10.1). */
const KNOWN_COLUMNS = [
  'id',
  'email',
  'provider',
  'chatgpt_account_id',
  'plan_type',
  'status',
  'access_token_encrypted',
  'refresh_token_encrypted',
  'id_token_encrypted',
  'last_refresh',
] as const;

const HEAD_BYTES = 16;
const COPY_NAME = 'source.db';
const PRIVATE_MODE = 0o600;

/** @throws TightropeError of the table in spec 10.1 */
export async function readSourceDatabase(options: ReadSourceOptions): Promise<SourceDatabase> {
  const { sourcePath } = options;
  const found = await inspect(sourcePath);
  const folder = await mkdtemp(path.join(options.workFolder, 'read-'));
  try {
    const copy = path.join(folder, COPY_NAME);
    const plain = await plainCopy(sourcePath, copy, options.passphrase);
    const connection = await open(copy, plain);
    try {
      return await read(connection, options, found);
    } finally {
      await connection.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inspect(sourcePath: string): Promise<{ readonly sizeBytes: number; readonly modifiedAtMs: number }> {
  if (!path.isAbsolute(sourcePath)) throw new TightropeError('invalid_source_path', { param: 'sourcePath' });
  try {
    const { size, mtimeMs, isFile } = await statOf(sourcePath);
    if (!isFile) throw new TightropeError('invalid_source_path', { param: 'sourcePath' });
    if (size > MAX_SOURCE_BYTES)
      throw new TightropeError('payload_too_large', { message: 'The database is too large.' });
    return { sizeBytes: size, modifiedAtMs: Math.trunc(mtimeMs) };
  } catch (error) {
    if (error instanceof TightropeError) throw error;
    const gone = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
    const code = gone ? 'source_db_not_found' : 'source_db_open_failed';
    throw new TightropeError(code, { param: 'sourcePath', cause: error });
  }
}

async function statOf(file: string): Promise<{ size: number; mtimeMs: number; isFile: boolean }> {
  const found = await stat(file);
  return { size: found.size, mtimeMs: found.mtimeMs, isFile: found.isFile() };
}

/** Whether the source was plain. Its write-ahead log comes along, since it may hold the newest rows. */
async function plainCopy(source: string, copy: string, passphrase: string | null): Promise<boolean> {
  const bytes = await readFile(source);
  if (bytes.length === 0) throw new TightropeError('source_db_open_failed', { message: 'The file is empty.' });
  const log = `${source}-wal`;
  const hasLog = (await sizeOrZero(log)) > 0;
  if (isPlainSqlite(bytes.subarray(0, HEAD_BYTES))) {
    await writeFile(copy, bytes, { mode: PRIVATE_MODE });
    if (hasLog) await copyFile(log, `${copy}-wal`);
    return true;
  }
  if (passphrase === null || passphrase === '') {
    const message = 'The file is no plain SQLite database. If it is encrypted, give its passphrase.';
    throw new TightropeError('source_db_passphrase_required', { message, param: 'sourceDatabasePassphrase' });
  }
  if (hasLog) {
    const message = 'The encrypted database is still open in its program. Close that program first, then try again.';
    throw new TightropeError('source_db_open_failed', { message });
  }
  await writeFile(copy, await decrypted(bytes, passphrase), { mode: PRIVATE_MODE });
  return false;
}

async function decrypted(bytes: Buffer, passphrase: string): Promise<Buffer> {
  let plain: Buffer | null;
  try {
    plain = await decryptSqlCipher(bytes, passphrase);
  } catch (cause) {
    throw new TightropeError('source_db_open_failed', { message: `The file is damaged: ${messageOf(cause)}.`, cause });
  }
  if (plain !== null) return plain;
  throw new TightropeError('source_db_passphrase_invalid', { param: 'sourceDatabasePassphrase' });
}

async function sizeOrZero(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

async function open(copy: string, withLog: boolean): Promise<SqliteConnection> {
  try {
    const connection = await openRaw(copy, withLog ? 'existing' : 'untouched');
    // The schema is somebody else's: functions in it stay unused.
    await connection.execute('PRAGMA trusted_schema = OFF');
    return connection;
  } catch (cause) {
    throw new TightropeError('source_db_open_failed', { cause });
  }
}

async function read(
  connection: SqliteConnection,
  { sourcePath, rowLimit }: ReadSourceOptions,
  found: { readonly sizeBytes: number; readonly modifiedAtMs: number },
): Promise<SourceDatabase> {
  try {
    const columns = await columnsOf(connection);
    const wanted = KNOWN_COLUMNS.filter((column) => columns.has(column));
    const list = ['rowid AS source_rowid', ...wanted.map((column) => `"${column}"`)].join(', ');
    const rows = await connection.all(`SELECT ${list} FROM accounts ORDER BY rowid LIMIT ${rowLimit + 1}`);
    const schemaFingerprint = `accounts:${[...columns].sort().join(',')}`;
    const truncated = rows.length > rowLimit;
    const facts = { path: sourcePath, fileName: path.basename(sourcePath), ...found, schemaFingerprint, truncated };
    return { facts, columns, rows: rows.slice(0, rowLimit) };
  } catch (cause) {
    if (cause instanceof TightropeError) throw cause;
    throw new TightropeError('source_db_open_failed', { cause });
  }
}

async function columnsOf(connection: SqliteConnection): Promise<ReadonlySet<string>> {
  const info = await connection.all(`SELECT name FROM pragma_table_info('accounts')`);
  const names = info.map(({ name }) => String(name).toLowerCase());
  if (names.length === 0) throw new TightropeError('source_schema_unsupported');
  return new Set(names);
}
