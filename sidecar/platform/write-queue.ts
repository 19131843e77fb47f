/** The single writer of the database as services see it. */
import type { Knex } from 'knex';
import type { BoundStatement } from './dialect';

/**
 * Where appended rows of one kind go. Create one per table and keep it: its identity is what rows are collected by.
 */
export interface AppendTarget {
  /** For log lines. */
  readonly name: string;
  /**
   * One statement that inserts every object of the JSON array `rowsJson`, see `insertFromJson` in `platform/dialect.ts`.
   * A batch is tried again after a failure of the disk, so it should ignore rows that are there already.
   */
  statement(rowsJson: string): BoundStatement;
}

/** Writes: transactions and batches of appended rows, one after the other in the order of their coming. */
export interface WriteQueue {
  /**
   * Runs `body` between BEGIN IMMEDIATE and COMMIT, after everything that came before. Rolled back when it throws, and
   * rejects with what it threw. The body must await nothing but the database: all other writers wait for it. It must
   * use `trx` only; asking the queue for another transaction or a flush within would wait for itself.
   * @throws TightropeError `db_unavailable` after the database was closed.
   */
  transaction<T>(body: (trx: Knex.Transaction) => Promise<T>): Promise<T>;
  /**
   * Takes a row to be written with others of its target within 50 ms (at 100 rows at once). Never throws, never waits.
   * The row is turned into JSON later: do not change it afterwards. While the disk fails, rows are kept and tried
   * again; past 20,000 the oldest ones of the target are dropped and counted.
   */
  append(target: AppendTarget, row: object): void;
  /**
   * Resolves when every row appended before is written (or dropped). The file survives the death of the process from
   * then on; against a loss of power SQLite's WAL with synchronous=NORMAL guarantees consistency, not the last moments.
   * @throws TightropeError `db_unavailable` when that takes longer than 10 s (`details.pending` rows wait).
   */
  flush(): Promise<void>;
  /** Appended rows that were given up since the start. */
  dropped(): number;
}

/** Bounds of the queue. Tests make them small. */
export interface WriteQueueLimits {
  /** Longest time a row waits for others, ms. */
  readonly delayMs: number;
  /** So many rows do not wait any longer. */
  readonly batchRows: number;
  /** Most rows of one statement. */
  readonly statementRows: number;
  /** Rows kept per target while the disk fails. */
  readonly backlogRows: number;
  /** Pause after a failure, ms: the first one, doubled up to the last one. */
  readonly retryMs: readonly [number, number];
  /** Bound of `flush` and of closing, ms. */
  readonly flushMs: number;
  /** A transaction that takes longer (ms) is reported while it runs: it holds up every other writer. */
  readonly slowTransactionMs: number;
}

/** Bounds in production: design §4, shared measurements of the project ("Recommended hot path" 6). */
export const WRITE_QUEUE_LIMITS: WriteQueueLimits = {
  delayMs: 50,
  batchRows: 100,
  statementRows: 500,
  backlogRows: 20_000,
  retryMs: [100, 5000],
  flushMs: 10_000,
  slowTransactionMs: 5000,
};
