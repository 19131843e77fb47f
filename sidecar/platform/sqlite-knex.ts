/** knex over the SQLite driver: one client that writes over one connection, one whose connections only read. */
import { knex, type Knex } from 'knex';
import { BEGIN_WRITE, CONNECTION_SETUP, READER_SETUP } from './dialect';
import type { Logger } from './logger';
import { SqliteConnection } from './sqlite-connection';
import { messageOf } from './thrown';
import type { Database as DriverConnection } from 'sqlite3';

/**
 * knex waits this long for a connection, ms. A file that does not open is found before by `prepareDatabaseFile`, where
 * the driver's own error is seen; knex would only report the timeout.
 */
const ACQUIRE_TIMEOUT_MS = 5000;

/** A knex client and the one connection that it speaks over. */
export interface WriterKnex {
  readonly knex: Knex;
  readonly connection: SqliteConnection;
}

/** Opens the connection that writes. Its transactions begin with BEGIN IMMEDIATE. */
export async function openWriter(file: string, logger: Logger): Promise<WriterKnex> {
  const client = openKnex(file, logger, { min: 1, max: 1 }, CONNECTION_SETUP);
  try {
    beginWithWriteLock(client.client as TransactionFactory);
    const driver = (await (client.client as ConnectionSource).acquireConnection()) as DriverConnection;
    return { knex: client, connection: new SqliteConnection(driver) };
  } catch (error) {
    await client.destroy();
    throw error;
  }
}

/** Gives the connection back and closes it. */
export async function closeWriter({ knex: client, connection }: WriterKnex): Promise<void> {
  await (client.client as ConnectionSource).releaseConnection(connection.driver);
  await client.destroy();
}

/** Opens up to `connections` connections, on need. */
export function openReaders(file: string, logger: Logger, connections: number): Knex {
  return openKnex(file, logger, { min: 0, max: connections }, [...CONNECTION_SETUP, ...READER_SETUP]);
}

function openKnex(file: string, logger: Logger, pool: { min: number; max: number }, setup: readonly string[]): Knex {
  return knex({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    acquireConnectionTimeout: ACQUIRE_TIMEOUT_MS,
    pool: {
      ...pool,
      afterCreate: (driver: DriverConnection, done: (error: Error | null, driver: DriverConnection) => void): void => {
        setUp(new SqliteConnection(driver), setup).then(
          () => {
            done(null, driver);
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(messageOf(error), { cause: error }), driver);
          },
        );
      },
    },
    log: knexLog(logger),
  });
}

async function setUp(connection: SqliteConnection, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await connection.execute(statement);
}

/** knex writes to the console unless told otherwise. */
function knexLog(logger: Logger): NonNullable<Knex.Config['log']> {
  const line = (level: 'debug' | 'warn' | 'error') => (message: unknown) => {
    logger[level]('knex', { message });
  };
  return { debug: line('debug'), warn: line('warn'), error: line('error'), deprecate: line('debug') };
}

/** The parts of knex's client that its types leave open (knex 3.3, lib/client.js and lib/execution/transaction.js). */
interface ConnectionSource {
  acquireConnection(): Promise<unknown>;
  releaseConnection(connection: unknown): Promise<void>;
}

interface BeginningTransaction {
  begin(connection: unknown): Promise<unknown>;
  query(connection: unknown, sql: string): Promise<unknown>;
}

interface TransactionFactory {
  transaction(...parameters: unknown[]): BeginningTransaction;
}

/**
 * knex knows only plain BEGIN for SQLite, which takes the write lock at the first write and may fail there when another
 * process (a backup tool, a shell) wrote since. The transaction object runs its `begin` a turn later, so it can still
 * be exchanged. Savepoints within a transaction come from another client object and stay as they are.
 */
function beginWithWriteLock(client: TransactionFactory): void {
  const original = client.transaction;
  client.transaction = function (this: TransactionFactory, ...parameters: unknown[]): BeginningTransaction {
    const transaction = original.apply(this, parameters);
    transaction.begin = (connection) => transaction.query(connection, BEGIN_WRITE);
    return transaction;
  };
}
