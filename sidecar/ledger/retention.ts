/** Deletes log rows, decisions and events that are older than people asked to keep them (spec/data-security.md 2.9). */
import type { Knex } from 'knex';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import type { Logger } from '../platform/logger';
import { DECISION_DAYS, type DecisionRow } from './decision-store';
import type { RequestLogRow } from './request-log-row';
import type { RuntimeEventRow } from './runtime-events-store';
import { DAY_MS, HOUR_MS } from './usage-rollups';

/** What the job needs. Days may be fractions in tests. */
export interface RetentionDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Age in days at which a row of `request_logs` goes. */
  readonly requestLogDays: number;
  /** Age in days at which a runtime event goes. */
  readonly eventDays: number;
}

/** Days that the sums by the hour and by the day are kept. */
const HOURLY_SUM_DAYS = 90;
const DAILY_SUM_DAYS = 1100;

/** Rows per transaction: the writer is free for others in between (spec/data-security.md 2.9). */
const BATCH_ROWS = 1000;

/**
 * The body of the job that the scheduler runs at start and hourly. It stops between two batches when its signal aborts;
 * the next run goes on. A database error rejects, the scheduler logs it.
 */
export function retentionJob(dependencies: RetentionDependencies): (signal: AbortSignal) => Promise<void> {
  const { database, clock, logger, requestLogDays, eventDays } = dependencies;

  async function inBatches(
    signal: AbortSignal,
    deleteBatch: (trx: Knex.Transaction) => Promise<number>,
  ): Promise<number> {
    let deleted = 0;
    for (let batch = BATCH_ROWS; batch === BATCH_ROWS && !signal.aborted; deleted += batch) {
      batch = await database.write.transaction(deleteBatch);
    }
    return deleted;
  }

  return async (signal) => {
    const now = clock.now();
    const requestLogs = await inBatches(signal, (trx) => deleteRequestLogs(trx, now - requestLogDays * DAY_MS));
    const events = await inBatches(signal, (trx) => deleteEvents(trx, now - eventDays * DAY_MS));
    const decisionDays = Math.min(DECISION_DAYS, requestLogDays);
    const decisions = await inBatches(signal, (trx) => deleteDecisions(trx, now - decisionDays * DAY_MS));
    await database.write.transaction((trx) => deleteSums(trx, now));
    if (requestLogs + events + decisions > 0) logger.info('retention_deleted', { requestLogs, events, decisions });
  };
}

async function deleteRequestLogs(trx: Knex.Transaction, beforeMs: number): Promise<number> {
  const logs = (): Knex.QueryBuilder<RequestLogRow> => trx<RequestLogRow>('request_logs');
  const old = logs().where('requested_at_ms', '<', beforeMs).limit(BATCH_ROWS).select('id');
  const deleted: number = await logs().whereIn('id', old).delete();
  return deleted;
}

async function deleteDecisions(trx: Knex.Transaction, beforeMs: number): Promise<number> {
  const decisions = (): Knex.QueryBuilder<DecisionRow> => trx<DecisionRow>('routing_decisions');
  const old = decisions().where('at_ms', '<', beforeMs).limit(BATCH_ROWS).select('request_log_id');
  const deleted: number = await decisions().whereIn('request_log_id', old).delete();
  return deleted;
}

/** Not in batches: the sums of the hour since the last run are few rows. */
async function deleteSums(trx: Knex.Transaction, nowMs: number): Promise<void> {
  for (const table of ['usage_rollups', 'usage_latencies']) {
    await trx(table)
      .where({ span_ms: HOUR_MS })
      .where('start_at_ms', '<', nowMs - HOURLY_SUM_DAYS * DAY_MS)
      .delete();
    await trx(table)
      .where({ span_ms: DAY_MS })
      .where('start_at_ms', '<', nowMs - DAILY_SUM_DAYS * DAY_MS)
      .delete();
  }
}

/** The newest event stays whatever its age: the next process continues from its seq, so that no seq is given twice. */
async function deleteEvents(trx: Knex.Transaction, beforeMs: number): Promise<number> {
  const events = (): Knex.QueryBuilder<RuntimeEventRow> => trx<RuntimeEventRow>('runtime_events');
  const newest = events().max('seq');
  const old = events().where('at_ms', '<', beforeMs).where('seq', '<', newest).limit(BATCH_ROWS).select('seq');
  const deleted: number = await events().whereIn('seq', old).delete();
  return deleted;
}
