/** One raw connection of the SQLite driver, with promises instead of callbacks. */
import { pathToFileURL } from 'node:url';
import type * as sqlite3 from 'sqlite3';
import type { BoundStatement } from './dialect';
import { TightropeError } from './errors';
import { messageOf } from './thrown';

/** The driver's module. */
export type SqliteDriver = typeof sqlite3;

/** A result row: what SQLite can store. */
export type SqliteRow = Readonly<Record<string, string | number | null | Uint8Array>>;

/**
 * How a file is opened. `existing` may write but not create. `read-only` writes nothing to the database, yet SQLite may
 * leave an empty log and its index beside one in WAL mode; `untouched` avoids that, for a file that nobody has open.
 */
export type OpenMode = 'untouched' | 'read-only' | 'existing' | 'create';

/**
 * Loads the driver on first need: a missing native addon must become a readable error, not a crash while modules load.
 * @throws TightropeError `db_driver_missing`
 */
export async function loadSqliteDriver(): Promise<SqliteDriver> {
  try {
    const loaded: { default?: SqliteDriver } & SqliteDriver = await import('sqlite3');
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new TightropeError('db_driver_missing', {
      message:
        `The SQLite driver could not be loaded: ${firstLine(cause)}` +
        ('pkg' in process
          ? ''
          : ' Run "npm rebuild sqlite3" and start again; it needs a C++ compiler and Python when there is no prebuilt file for this platform.'),
      details: { nextStep: 'pkg' in process ? 'set PKG_NATIVE_CACHE_PATH' : 'npm rebuild sqlite3' },
      cause,
    });
  }
}

function firstLine(cause: unknown): string {
  const text = messageOf(cause).split('\n', 1)[0] ?? '';
  return text.endsWith('.') ? text : `${text}.`;
}

/** Opens a connection outside of knex. Rejects with the driver's error (`code` SQLITE_CANTOPEN …). */
export async function openRaw(file: string, mode: OpenMode): Promise<SqliteConnection> {
  const driver = await loadSqliteDriver();
  const flags = {
    untouched: driver.OPEN_READONLY | driver.OPEN_URI,
    'read-only': driver.OPEN_READONLY,
    existing: driver.OPEN_READWRITE,
    create: driver.OPEN_READWRITE | driver.OPEN_CREATE,
  }[mode];
  return new Promise((resolve, reject) => {
    const name = mode === 'untouched' ? `${pathToFileURL(file).href}?immutable=1` : file;
    const connection = new driver.Database(name, flags | driver.OPEN_FULLMUTEX, (error) => {
      if (error === null) resolve(new SqliteConnection(connection));
      else reject(error);
    });
  });
}

/** The calls this product makes. Statements of one connection run one after the other, off the main thread. */
export class SqliteConnection {
  constructor(readonly driver: sqlite3.Database) {}

  /** Runs a statement whose rows nobody needs; resolves with the number of rows it changed. */
  run({ sql, bindings }: BoundStatement): Promise<number> {
    return new Promise((resolve, reject) => {
      this.driver.run(sql, bindings, function (error) {
        if (error === null) resolve(this.changes);
        else reject(error);
      });
    });
  }

  /** Runs a statement without values. */
  async execute(sql: string): Promise<void> {
    await this.run({ sql, bindings: [] });
  }

  all(sql: string): Promise<SqliteRow[]> {
    return new Promise((resolve, reject) => {
      this.driver.all<SqliteRow>(sql, (error, rows) => {
        if (error === null) resolve(rows);
        else reject(error);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.driver.close((error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }
}
