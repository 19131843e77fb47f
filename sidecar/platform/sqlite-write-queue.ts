/** The write queue over one SQLite connection. */
import type { Knex } from 'knex';
import { AppendLane, type LaneParts } from './append-lane';
import { leaveTransaction } from './batch-insert';
import { TightropeError } from './errors';
import { LogThrottle } from './log-throttle';
import type { Logger } from './logger';
import type { SqliteConnection } from './sqlite-connection';
import { endsWithin } from './time-limit';
import { WRITE_QUEUE_LIMITS, type AppendTarget, type WriteQueue, type WriteQueueLimits } from './write-queue';

/** What the queue writes with. `knex` speaks over `connection` and nothing else does. */
export interface WriteQueueParts {
  readonly knex: Knex;
  readonly connection: SqliteConnection;
  readonly logger: Logger;
  readonly limits?: Partial<WriteQueueLimits>;
}

interface FlushWaiter {
  /** Lanes with rows to wait for, up to which number. */
  readonly open: Map<AppendLane, number>;
  readonly done: () => void;
}

/** Serialises all writes of the process. */
export class SqliteWriteQueue implements WriteQueue {
  private readonly limits: WriteQueueLimits;
  private readonly laneParts: LaneParts;
  private readonly lanes = new Map<AppendTarget, AppendLane>();
  private readonly waiters = new Set<FlushWaiter>();
  private tail: Promise<unknown> = Promise.resolve();
  private delay: NodeJS.Timeout | null = null;
  private closed = false;
  private refused = 0;

  constructor(private readonly parts: WriteQueueParts) {
    const { connection, logger } = parts;
    this.limits = { ...WRITE_QUEUE_LIMITS, ...parts.limits };
    const again = (lane: AppendLane): void => {
      this.enqueue(lane);
    };
    this.laneParts = { connection, logger, throttle: new LogThrottle(logger), limits: this.limits, again };
  }

  append(target: AppendTarget, row: object): void {
    if (this.closed) {
      this.refused += 1;
      return;
    }
    const lane = this.lanes.get(target) ?? this.addLane(target);
    lane.backlog.push(row);
    if (lane.queued || lane.pausing) return;
    if (lane.backlog.waiting >= this.limits.batchRows) this.enqueue(lane);
    else this.delay ??= setTimeout(this.delayIsOver, this.limits.delayMs);
  }

  dropped(): number {
    let sum = this.refused;
    for (const lane of this.lanes.values()) sum += lane.backlog.dropped;
    return sum;
  }

  transaction<T>(body: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.exclusive(() => this.runTransaction(body));
  }

  /**
   * Runs `job` alone on the connection, after everything that came before. For work that is more than a transaction.
   * @throws TightropeError `db_unavailable` after `close`.
   */
  exclusive<T>(job: () => Promise<T>): Promise<T> {
    if (this.closed) {
      return Promise.reject(new TightropeError('db_unavailable', { message: 'The database is closed.' }));
    }
    this.enqueueWaiting();
    return this.chain(job);
  }

  /** One transaction, at once: only for jobs of `exclusive`. */
  async runTransaction<T>(body: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    const runningMs = this.limits.slowTransactionMs;
    const slow = setTimeout(() => {
      this.parts.logger.warn('write_transaction_slow', { runningMs });
    }, runningMs);
    slow.unref();
    let failure: { readonly cause: unknown } | null = null;
    const watched = async (trx: Knex.Transaction): Promise<T> => {
      try {
        return await body(trx);
      } catch (cause) {
        failure = { cause };
        throw cause;
      }
    };
    try {
      return await this.parts.knex.transaction(watched, { connection: this.parts.connection.driver });
    } catch (error) {
      // knex sends no ROLLBACK after a COMMIT that failed, and reports a needless ROLLBACK instead of what made it so.
      await leaveTransaction(this.parts.connection);
      throw failure === null ? error : (failure as { readonly cause: unknown }).cause;
    } finally {
      clearTimeout(slow);
    }
  }

  async flush(): Promise<void> {
    const open = new Map<AppendLane, number>();
    for (const lane of this.lanes.values()) {
      if (lane.backlog.settled < lane.backlog.pushed) open.set(lane, lane.backlog.pushed);
    }
    if (open.size === 0) return;
    for (const lane of open.keys()) this.enqueue(lane);
    await this.settled(open);
  }

  /** Refuses new work, writes what is left and lets the running transaction end: each for at most `flushMs`. */
  async close(): Promise<void> {
    this.closed = true;
    try {
      await this.flush();
    } catch (error) {
      this.parts.logger.error('rows_lost_at_close', { rows: this.pending(), error });
    }
    if (this.delay !== null) clearTimeout(this.delay);
    for (const lane of this.lanes.values()) lane.stop();
    await endsWithin(this.tail, this.limits.flushMs);
  }

  private addLane(target: AppendTarget): AppendLane {
    const lane = new AppendLane(target, this.laneParts);
    this.lanes.set(target, lane);
    return lane;
  }

  private readonly delayIsOver = (): void => {
    this.delay = null;
    this.enqueueWaiting();
  };

  /** Rows that wait for company go now; rows that wait for the disk to recover go on waiting. */
  private enqueueWaiting(): void {
    for (const lane of this.lanes.values()) {
      if (lane.backlog.waiting > 0 && !lane.pausing) this.enqueue(lane);
    }
  }

  private enqueue(lane: AppendLane): void {
    lane.cancelRetry();
    if (lane.queued) return;
    lane.queued = true;
    void this.chain(() => this.writeLane(lane));
  }

  private async writeLane(lane: AppendLane): Promise<void> {
    await lane.write();
    this.wakeWaiters(lane);
    const waits = lane.backlog.waiting > 0 && !lane.pausing && !lane.queued;
    if (waits && !this.closed) this.delay ??= setTimeout(this.delayIsOver, this.limits.delayMs);
  }

  private chain<T>(job: () => Promise<T>): Promise<T> {
    const done = this.tail.then(job);
    // The failure of a job belongs to whoever asked for it; the jobs behind it run all the same.
    this.tail = done.catch(() => undefined);
    return done;
  }

  private settled(open: Map<AppendLane, number>): Promise<void> {
    return new Promise((resolve, reject) => {
      const bound = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(this.flushFailed());
      }, this.limits.flushMs);
      const waiter: FlushWaiter = {
        open,
        done: () => {
          clearTimeout(bound);
          resolve();
        },
      };
      this.waiters.add(waiter);
    });
  }

  private wakeWaiters(lane: AppendLane): void {
    for (const waiter of this.waiters) {
      const upTo = waiter.open.get(lane);
      if (upTo === undefined || lane.backlog.settled < upTo) continue;
      waiter.open.delete(lane);
      if (waiter.open.size > 0) continue;
      this.waiters.delete(waiter);
      waiter.done();
    }
  }

  private flushFailed(): TightropeError {
    const pending = this.pending();
    return new TightropeError('db_unavailable', {
      message: `The database did not take ${pending} rows within ${this.limits.flushMs} ms.`,
      details: { pending },
    });
  }

  private pending(): number {
    let sum = 0;
    for (const lane of this.lanes.values()) sum += lane.backlog.size;
    return sum;
  }
}
