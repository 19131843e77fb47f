/** The product's database as services see it, and how it is opened. */
import { access, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { syncDirectory } from './atomic-file';
import { prepareDatabaseFile } from './database-file';
import { COPY_INTO, FOREIGN_KEYS_OFF, FOREIGN_KEYS_ON, FOREIGN_KEY_CHECK } from './dialect';
import { TightropeError } from './errors';
import type { Logger } from './logger';
import { openRaw } from './sqlite-connection';
import { closeWriter, openReaders, openWriter, type WriterKnex } from './sqlite-knex';
import { SqliteWriteQueue } from './sqlite-write-queue';
import { messageOf } from './thrown';
import type { WriteQueue, WriteQueueLimits } from './write-queue';

export type { AppendTarget, WriteQueue } from './write-queue';

/** An open database: read connections beside one writer. */
export interface Database {
  /** For queries. These connections cannot write. */
  readonly read: Knex;
  /** Absolute path. */
  readonly file: string;
  readonly write: WriteQueue;
  /**
   * Like `write.transaction`, for changes of the schema: foreign keys are off within (tables may be rebuilt) and checked
   * before the commit.
   */
  changeSchema<T>(body: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  /**
   * Writes a consistent copy (0600) to `to`, which must not exist. Readers and the writer go on meanwhile.
   * @throws TightropeError `db_backup_failed`; nothing is left at `to` then.
   */
  backup(to: string): Promise<void>;
  /** Flushes (at most 10 s) and closes every connection. Later calls return the first one's promise. */
  close(): Promise<void>;
}

/** How to open. */
export interface DatabaseOptions {
  /** Path of the SQLite file; it and its directory are created when missing. */
  readonly file: string;
  readonly logger: Logger;
  /** Read connections, default 2. */
  readonly readers?: number;
  /** Bounds of the write queue that differ from `WRITE_QUEUE_LIMITS`. */
  readonly limits?: Partial<WriteQueueLimits>;
}

const DEFAULT_READERS = 2;

/**
 * Checks the file and opens it. The schema may still be an old one: see `migrate`.
 * @throws TightropeError `db_not_writable`, `db_corrupt`, `db_foreign`, `db_driver_missing`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const file = path.resolve(options.file);
  await prepareDatabaseFile(file);
  const writer = await openWriter(file, options.logger);
  const read = openReaders(file, options.logger, options.readers ?? DEFAULT_READERS);
  return new SqliteDatabase(file, writer, read, options);
}

class SqliteDatabase implements Database {
  readonly write: SqliteWriteQueue;
  private closing: Promise<void> | null = null;

  constructor(
    readonly file: string,
    private readonly writer: WriterKnex,
    readonly read: Knex,
    { logger, limits }: DatabaseOptions,
  ) {
    this.write = new SqliteWriteQueue({ ...writer, logger, ...(limits === undefined ? {} : { limits }) });
  }

  changeSchema<T>(body: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    const { connection } = this.writer;
    return this.write.exclusive(async () => {
      await connection.execute(FOREIGN_KEYS_OFF);
      try {
        return await this.write.runTransaction(async (trx) => {
          const result = await body(trx);
          const broken = await connection.all(FOREIGN_KEY_CHECK);
          if (broken.length > 0) throw new Error(`${broken.length} references point to no row`);
          return result;
        });
      } finally {
        await connection.execute(FOREIGN_KEYS_ON);
      }
    });
  }

  async backup(to: string): Promise<void> {
    const partial = `${to}.partial`;
    try {
      if (await exists(to)) throw new Error('there is a file already');
      // SQLite writes into an existing empty file and keeps its mode.
      await (await open(partial, 'w', 0o600)).close();
      await this.copyInto(partial);
      await syncFile(partial);
      await rename(partial, to);
      await syncDirectory(path.dirname(to));
    } catch (cause) {
      await rm(partial, { force: true });
      throw new TightropeError('db_backup_failed', {
        message: `${this.file} could not be copied to ${to}: ${messageOf(cause)}. Make room there, or give write access.`,
        details: { file: this.file, to },
        cause,
      });
    }
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  /** A connection of its own: neither a transaction of the writer nor a reader has to wait for the copy. */
  private async copyInto(target: string): Promise<void> {
    const connection = await openRaw(this.file, 'existing');
    try {
      await connection.run({ sql: COPY_INTO, bindings: [target] });
    } finally {
      await connection.close();
    }
  }

  private async closeAll(): Promise<void> {
    await this.write.close();
    await this.read.destroy();
    // Last, so that SQLite folds the write-ahead log into the file.
    await closeWriter(this.writer);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
