/** A real SQLite database with the real schema in a folder of its own, and records to put into it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import type { TurnRecord } from '../../../sidecar/contract/turn-record';
import { LedgerService } from '../../../sidecar/ledger/ledger-service';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { uuidv7 } from '../../../sidecar/platform/ids';
import type { Logger } from '../../../sidecar/platform/logger';
import { migrate } from '../../../sidecar/platform/migrate';

/** The time that the clock of the tests shows: 2026-03-01T12:00:00Z, UTC ms. */
export const NOW = Date.UTC(2026, 2, 1, 12);
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NODE_ID = 'node-1';

export interface TestClock {
  nowMs: number;
  now(): number;
}

export interface LedgerFixture {
  readonly database: Database;
  readonly ledger: LedgerService;
  readonly clock: TestClock;
  readonly logger: Logger;
  /** Names of the events logged as warning or error. */
  readonly complaints: string[];
  /** Inserts an account with this id. */
  addAccount(id: string): Promise<void>;
  removeAccount(id: string): Promise<void>;
  close(): Promise<void>;
}

export async function openLedger(): Promise<LedgerFixture> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tightrope-ledger-'));
  const complaints: string[] = [];
  const logger = complainingLogger(complaints);
  const database = await openDatabase({ file: path.join(directory, 'store.db'), logger });
  await migrate(database, MIGRATIONS, { logger });
  const clock: TestClock = { nowMs: NOW, now: () => clock.nowMs };
  return {
    database,
    clock,
    logger,
    complaints,
    ledger: new LedgerService({ database, clock, logger, nodeId: NODE_ID }),
    addAccount: (id) =>
      database.write.transaction(async (trx) => {
        const times = { created_at_ms: NOW, updated_at_ms: NOW };
        await trx('accounts').insert({ id, provider: 'openai', identity_key: id, ...times });
      }),
    removeAccount: (id) =>
      database.write.transaction(async (trx) => {
        await trx('accounts').where({ id }).delete();
      }),
    close: async () => {
      await database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function complainingLogger(complaints: string[]): Logger {
  const silent = (): void => undefined;
  const complain = (event: string): void => {
    complaints.push(event);
  };
  const logger: Logger = {
    debug: silent,
    info: silent,
    warn: complain,
    error: complain,
    child: () => logger,
    isDebug: () => false,
    close: () => Promise.resolve(),
  };
  return logger;
}

/** A successful streamed turn at `NOW`; the test changes what it is about. */
export function turn(changes: Partial<TurnRecord> = {}): TurnRecord {
  const requestedAtMs = changes.requestedAtMs ?? NOW;
  return {
    id: uuidv7(requestedAtMs),
    requestId: 'req-1',
    accountId: null,
    apiKeyId: null,
    method: 'POST',
    path: '/v1/responses',
    statusCode: 200,
    model: 'gpt-5.4',
    serviceTier: 'default',
    reasoningEffort: 'high',
    stream: true,
    transport: 'http',
    upstreamTransport: 'http',
    routingStrategy: 'round_robin',
    decision: null,
    sticky: false,
    requestedAtMs,
    latencyMs: 1500,
    firstTokenMs: 200,
    inputTokens: 1000,
    cachedTokens: 400,
    outputTokens: 100,
    reasoningTokens: 40,
    totalTokens: 1100,
    errorCode: null,
    errorMessage: null,
    errorClass: null,
    responseId: 'resp_1',
    sessionId: 'session-1',
    client: 'codex_exec/0.169.0',
    attempts: [],
    bytesUp: 2048,
    bytesDown: 4096,
    ...changes,
  };
}
