/** The appended rows of one target: kept in order, written in batches, tried again while the disk fails. */
import { insertBatch } from './batch-insert';
import type { LogThrottle } from './log-throttle';
import type { Logger } from './logger';
import { RowBacklog } from './row-backlog';
import type { SqliteConnection } from './sqlite-connection';
import { sqliteCode } from './sqlite-errors';
import type { AppendTarget, WriteQueueLimits } from './write-queue';

/** What a lane writes with. */
export interface LaneParts {
  readonly connection: SqliteConnection;
  readonly logger: Logger;
  readonly throttle: LogThrottle;
  readonly limits: WriteQueueLimits;
  /** Asks for another `write` after a failure. */
  readonly again: (lane: AppendLane) => void;
}

/** Used by the write queue only, which decides when `write` may run. */
export class AppendLane {
  readonly backlog: RowBacklog;
  /** A write of this lane stands in the queue. */
  queued = false;
  private pauseMs = 0;
  private retry: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly target: AppendTarget,
    private readonly parts: LaneParts,
  ) {
    this.backlog = new RowBacklog(parts.limits.backlogRows);
  }

  /** The last write failed and the next try has its time. */
  get pausing(): boolean {
    return this.retry !== null;
  }

  /** Forgets the pause after a failure: the next write comes for another reason. */
  cancelRetry(): void {
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
  }

  /** No more tries of its own accord. */
  stop(): void {
    this.stopped = true;
    this.cancelRetry();
  }

  /** Writes every row that the lane holds now. Never rejects: a failure is logged and tried again later. */
  async write(): Promise<void> {
    this.queued = false;
    const upTo = this.backlog.pushed;
    try {
      while (this.backlog.settled < upTo) await this.writeBatch();
      if (this.pauseMs > 0) this.parts.logger.info('rows_written_again', { target: this.target.name });
      this.pauseMs = 0;
    } catch (error) {
      this.retryLater(error);
    }
  }

  private async writeBatch(): Promise<void> {
    const { target, backlog } = this;
    const rows = backlog.begin(this.parts.limits.statementRows);
    try {
      const { rejected, reason } = await insertBatch(this.parts.connection, (json) => target.statement(json), rows);
      backlog.written(rejected);
      if (rejected > 0) this.report('error', 'rows_rejected', reason, { rows: rejected });
    } catch (error) {
      backlog.failed();
      throw error;
    }
  }

  private retryLater(error: unknown): void {
    const [firstMs, lastMs] = this.parts.limits.retryMs;
    this.pauseMs = this.pauseMs === 0 ? firstMs : Math.min(this.pauseMs * 2, lastMs);
    // A flush that came meanwhile may have queued the lane again already.
    if (!this.queued && !this.stopped) {
      this.retry = setTimeout(() => {
        this.retry = null;
        this.parts.again(this);
      }, this.pauseMs);
    }
    this.report('warn', 'rows_not_written', error, { waiting: this.backlog.size, dropped: this.backlog.dropped });
  }

  private report(level: 'warn' | 'error', event: string, error: unknown, facts: Record<string, unknown>): void {
    const kind = `${this.target.name} ${sqliteCode(error) ?? 'json'}`;
    this.parts.throttle.log(level, event, kind, { target: this.target.name, ...facts, error });
  }
}
