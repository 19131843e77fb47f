/** The request log: takes the record of every turn, answers what happened. */
import type { RequestLog, RequestLogDetail, RequestLogPage, RequestLogQuery } from '../contract/request-log';
import type { TurnRecord } from '../contract/turn-record';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { createEventBus, type EventBus } from '../platform/event-bus';
import type { Logger } from '../platform/logger';
import { DECISIONS_TARGET, decisionRow, DecisionStore } from './decision-store';
import { encodeCursor } from './request-log-cursor';
import { LOG_OUTCOMES, readLogQuery, type LogOutcome } from './request-log-query';
import { toRequestLog, toRequestLogDetail, type RequestLogRow } from './request-log-row';
import { RequestLogStore, type AccountUsage, type LogValues } from './request-log-store';
import { REQUEST_LOG_TARGET, toRow } from './request-log-writer';
import { UsageRollups } from './usage-rollups';

/** What the service needs. `nodeId` marks every row with the process that wrote it. */
export interface LedgerDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly nodeId: string;
}

/** What a reader may filter by. */
export interface LogOptions extends LogValues {
  readonly statuses: readonly LogOutcome[];
}

const DAY_MS = 86_400_000;
const EXPORT_PAGE = 500;

/** Writes through the write queue, reads on the read connections. */
export class LedgerService {
  private readonly store: RequestLogStore;
  private readonly decisions: DecisionStore;
  private readonly recorded: EventBus<RequestLogRow>;
  private readonly rollups: UsageRollups;

  constructor(private readonly dependencies: LedgerDependencies) {
    this.store = new RequestLogStore(dependencies.database.read);
    this.decisions = new DecisionStore(dependencies.database.read);
    const { database, logger } = dependencies;
    this.rollups = new UsageRollups(database.write);
    this.recorded = createEventBus((error) => logger.error('request_log_listener_failed', { error }));
  }

  /** Takes one closed turn. Neither waits nor throws: the row is in the table within the write queue's delay (50 ms). */
  record(turn: TurnRecord): void {
    const { database, logger, nodeId } = this.dependencies;
    try {
      const row = toRow(turn, nodeId);
      database.write.append(REQUEST_LOG_TARGET, row);
      this.rollups.add(row);
      if (turn.decision !== null) database.write.append(DECISIONS_TARGET, decisionRow(turn, turn.decision));
      this.recorded.emit(row);
    } catch (error) {
      logger.error('request_log_persist_failed', { requestId: turn.requestId, error });
    }
  }

  /** Hears of every closed turn, before its row is in the table. The row must not be changed. */
  onRecorded(listener: (row: RequestLogRow) => void): () => void {
    return this.recorded.on(listener);
  }

  /**
   * One page, newest first. Turns recorded before the call are on it.
   * @throws TightropeError `invalid_query` naming the parameter.
   */
  async page(query: RequestLogQuery): Promise<RequestLogPage> {
    const request = readLogQuery(query);
    await this.catchUp();
    const [found, total] = await Promise.all([
      this.store.page({ ...request, limit: request.limit + 1 }),
      this.store.total(request.filter),
    ]);
    const rows = found.slice(0, request.limit);
    const last = rows.at(-1);
    const more = found.length > request.limit && last !== undefined;
    return {
      limit: request.limit,
      offset: request.offset,
      total,
      logs: rows.map(toRequestLog),
      nextCursor: more ? encodeCursor({ requestedAtMs: last.requested_at_ms, id: last.id }) : null,
    };
  }

  /** Every row that passes the filter, newest first, a page at a time; `limit`, `offset` and `cursor` do not matter. */
  async *allRows(query: RequestLogQuery): AsyncIterable<readonly RequestLog[]> {
    const { cursor: _cursor, offset: _offset, ...filter } = query;
    const request = readLogQuery({ ...filter, limit: String(EXPORT_PAGE) });
    await this.catchUp();
    let { after } = request;
    for (;;) {
      const rows = await this.store.page({ ...request, after });
      yield rows.map(toRequestLog);
      const last = rows.at(-1);
      if (rows.length < EXPORT_PAGE || last === undefined) return;
      after = { requestedAtMs: last.requested_at_ms, id: last.id };
    }
  }

  /** The row with this id, else the newest turn with this request id, with its attempts and decision; `null` when there is none. */
  async find(idOrRequestId: string): Promise<RequestLogDetail | null> {
    await this.catchUp();
    const row = await this.store.find(idOrRequestId);
    return row === null ? null : toRequestLogDetail(row, await this.decisions.find(row.id));
  }

  /** Distinct values to filter by. */
  async options(): Promise<LogOptions> {
    return { ...(await this.store.values()), statuses: LOG_OUTCOMES };
  }

  /** Requests and cost (micro-USD) of the last 24 hours by account id; accounts without requests are absent. */
  usage24h(): Promise<Map<string, AccountUsage>> {
    return this.store.usageByAccount(this.dependencies.clock.now() - DAY_MS);
  }

  /** Resolves when the sums hold every turn that was recorded before the call. */
  async settled(): Promise<void> {
    this.rollups.flush();
    await this.catchUp();
  }

  /** Hands over what is summed up in memory; to be called before the database closes. */
  close(): void {
    this.rollups.flush();
  }

  /** Resolves when everything recorded so far is stored. */
  flush(): Promise<void> {
    return this.dependencies.database.write.flush();
  }

  /** A reader sees the turns that ended before it asked. While the disk fails it is shown what is stored. */
  private async catchUp(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.dependencies.logger.warn('request_log_read_without_flush', { error });
    }
  }
}
