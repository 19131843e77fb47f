/** Looks at a database file before anything writes to it, and says in words what is wrong with it. */
import { chmod, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { QUICK_CHECK, TABLE_NAMES, WRITE_PROBE } from './dialect';
import { TightropeError, type ErrorCode } from './errors';
import { createPrivateDirectory } from './private-directory';
import { openRaw, type OpenMode, type SqliteConnection } from './sqlite-connection';
import { sqliteCode } from './sqlite-errors';
import { codeOf, messageOf } from './thrown';

const FILE_MODE = 0o600;

/** The table that marks a database as ours: the history of its schema. */
export const HISTORY_TABLE = 'knex_migrations';

/**
 * Makes sure that `file` is, or can become, a healthy database of this product: creates directory (0700) and file
 * (0600) when missing, checks an existing one without writing to it, narrows its mode, and takes the write lock once.
 * @throws TightropeError `db_not_writable`, `db_corrupt`, `db_foreign` or `db_driver_missing`. The file is untouched then.
 */
export async function prepareDatabaseFile(file: string): Promise<void> {
  await createDirectory(file);
  const size = await existingSize(file);
  if (size === null) await createFile(file);
  else if (size > 0) await inspect(file);
  await checkWritable(file);
  await narrowMode(file);
}

async function createDirectory(file: string): Promise<void> {
  try {
    await createPrivateDirectory(path.dirname(file));
  } catch (cause) {
    throw notWritable(file, `its directory cannot be created (${messageOf(cause)})`, cause);
  }
}

/** Size in bytes, `null` when there is no file yet. */
async function existingSize(file: string): Promise<number | null> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw notWritable(file, found.isDirectory() ? 'it is a directory' : 'it is no regular file');
    return found.size;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return null;
    if (cause instanceof TightropeError) throw cause;
    throw notWritable(file, messageOf(cause), cause);
  }
}

async function createFile(file: string): Promise<void> {
  try {
    await (await open(file, 'ax', FILE_MODE)).close();
  } catch (cause) {
    throw notWritable(file, `it cannot be created (${messageOf(cause)})`, cause);
  }
}

/** Reads only: a foreign file must stay as it is, and a damaged one is evidence. */
async function inspect(file: string): Promise<void> {
  try {
    await withRaw(file, (await leftByCrash(file)) ? 'read-only' : 'untouched', examine);
  } catch (error) {
    if (!needsRecovery(error)) throw explain(file, error);
    // What a crash left behind can only be read after SQLite has put it right, and that is a write.
    await withRaw(file, 'existing', examine).catch((second: unknown) => {
      throw explain(file, second);
    });
  }
}

/** A write-ahead log or journal beside the file belongs to its content and must be read with it. */
async function leftByCrash(file: string): Promise<boolean> {
  const sizes = await Promise.all([existingSize(`${file}-wal`), existingSize(`${file}-journal`)]);
  return sizes.some((size) => size !== null && size > 0);
}

async function examine(connection: SqliteConnection, file: string): Promise<void> {
  const rows = await connection.all(QUICK_CHECK);
  const finding = String(Object.values(rows[0] ?? {})[0] ?? 'no answer');
  if (finding !== 'ok') throw corrupt(file, finding);
  const tables = (await connection.all(TABLE_NAMES)).map(({ name }) => String(name));
  if (tables.length > 0 && !tables.includes(HISTORY_TABLE)) throw foreign(file, tables);
}

/** Opening alone succeeds on a read-only file: only writing tells. */
async function checkWritable(file: string): Promise<void> {
  try {
    await withRaw(file, 'existing', async (connection) => {
      for (const statement of WRITE_PROBE) await connection.execute(statement);
    });
  } catch (error) {
    // Another process writes right now: then it can be written.
    if (sqliteCode(error) !== 'SQLITE_BUSY') throw explain(file, error);
  }
}

async function narrowMode(file: string): Promise<void> {
  try {
    await chmod(file, FILE_MODE);
  } catch (error) {
    // Another user's file, which that user lets this one write: who else may read it is the owner's business.
    if (codeOf(error) !== 'EPERM') throw notWritable(file, messageOf(error), error);
  }
}

async function withRaw(
  file: string,
  mode: OpenMode,
  body: (connection: SqliteConnection, file: string) => Promise<void>,
): Promise<void> {
  const connection = await openRaw(file, mode);
  try {
    await body(connection, file);
  } finally {
    await connection.close();
  }
}

/** Read-only cannot roll back a hot journal, nor create the index of a write-ahead log in a directory without write access. */
function needsRecovery(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_READONLY';
}

/** The driver's error as one that names the file and what to do. */
function explain(file: string, error: unknown): TightropeError {
  if (error instanceof TightropeError) return error;
  const code = sqliteCode(error);
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') return corrupt(file, messageOf(error), error);
  return notWritable(file, messageOf(error), error);
}

function corrupt(file: string, finding: string, cause?: unknown): TightropeError {
  return failure('db_corrupt', file, cause, {
    problem: `${file} is damaged or no Tightrope database (${finding}). Nothing was changed.`,
    nextStep: `Move it away, or put back a copy (${path.basename(file)}.pre-migrate-…) if there is one beside it, and start again; or choose another file with --db.`,
  });
}

function foreign(file: string, tables: readonly string[]): TightropeError {
  const shown = tables.slice(0, 3).join(', ');
  return failure('db_foreign', file, undefined, {
    problem: `${file} is a database of another program (tables ${shown}…). Nothing was changed.`,
    nextStep: 'Choose another file with --db. Databases of other programs are imported, not opened.',
  });
}

function notWritable(file: string, problem: string, cause?: unknown): TightropeError {
  return failure('db_not_writable', file, cause, {
    problem: `The database ${file} cannot be written: ${problem}.`,
    nextStep: 'Give this user write access to the file and its directory, or choose another one with --db.',
  });
}

function failure(
  code: ErrorCode,
  file: string,
  cause: unknown,
  { problem, nextStep }: { problem: string; nextStep: string },
): TightropeError {
  return new TightropeError(code, {
    message: `${problem} ${nextStep}`,
    details: { file, nextStep },
    ...(cause === undefined ? {} : { cause }),
  });
}
