/** Writes one batch of appended rows; rows that the table does not take are sorted out, the others get in. */
import { BEGIN_WRITE, type BoundStatement } from './dialect';
import type { SqliteConnection } from './sqlite-connection';
import { sqliteFailure } from './sqlite-errors';
import { messageOf } from './thrown';

/** What became of a batch that did not fail as a whole. */
export interface BatchOutcome {
  /** Rows that were not taken. */
  readonly rejected: number;
  /** Why the last of them was not. */
  readonly reason: unknown;
}

type MakeStatement = (rowsJson: string) => BoundStatement;

const ALL_TAKEN: BatchOutcome = { rejected: 0, reason: null };

/**
 * Inserts `rows` with one statement; only when a row is at fault, the batch is halved until the culprits are alone.
 * @throws the driver's error when the disk or a lock was at fault: then nothing of the batch is written.
 */
export async function insertBatch(
  connection: SqliteConnection,
  statement: MakeStatement,
  rows: readonly object[],
): Promise<BatchOutcome> {
  try {
    await insert(connection, statement, rows);
    return ALL_TAKEN;
  } catch (error) {
    const failure = sqliteFailure(error);
    if (failure === 'transient') throw error;
    if (failure === 'statement' || rows.length === 1) return { rejected: rows.length, reason: error };
    return inTransaction(connection, () => sift(connection, statement, rows));
  }
}

async function insert(connection: SqliteConnection, statement: MakeStatement, rows: readonly object[]): Promise<void> {
  await connection.run(statement(JSON.stringify(rows)));
}

async function sift(
  connection: SqliteConnection,
  statement: MakeStatement,
  rows: readonly object[],
): Promise<BatchOutcome> {
  try {
    await insert(connection, statement, rows);
    return ALL_TAKEN;
  } catch (error) {
    if (sqliteFailure(error) === 'transient') throw error;
    if (rows.length === 1) return { rejected: 1, reason: error };
  }
  const middle = rows.length >> 1;
  const first = await sift(connection, statement, rows.slice(0, middle));
  const second = await sift(connection, statement, rows.slice(middle));
  return { rejected: first.rejected + second.rejected, reason: second.reason ?? first.reason };
}

async function inTransaction<T>(connection: SqliteConnection, body: () => Promise<T>): Promise<T> {
  await connection.execute(BEGIN_WRITE);
  try {
    const result = await body();
    await connection.execute('COMMIT');
    return result;
  } catch (error) {
    await leaveTransaction(connection);
    throw error;
  }
}

/** Ends a transaction that may or may not be open: some failures, a full disk among them, end it by themselves. */
export async function leaveTransaction(connection: SqliteConnection): Promise<void> {
  try {
    await connection.execute('ROLLBACK');
  } catch (error) {
    if (!messageOf(error).includes('no transaction is active')) throw error;
  }
}
