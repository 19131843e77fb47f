/**
 * How quick the request log and reports are at 1,000,000 rows (issue 6: first page ≤ 30 ms, account and day ≤ 100 ms).
 * `node build/run-node.mjs test/bench/request-log-million.ts [rows]` prints median and worst of 20 calls each.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MIGRATIONS } from '../../migrations/index';
import { LedgerService } from '../../sidecar/ledger/ledger-service';
import { ReportsService } from '../../sidecar/ledger/reports-service';
import { openDatabase, type Database } from '../../sidecar/platform/database';
import { createLogger } from '../../sidecar/platform/logger';
import { migrate } from '../../sidecar/platform/migrate';
import { systemClock } from '../../sidecar/platform/clock';

const ROWS = Number(process.argv[2] ?? 1_000_000);
const DAYS = 30;
const DAY_MS = 86_400_000;
const CALLS = 20;

const logger = createLogger({ level: 'warn', format: 'text', file: null, maxBytes: 1_000_000, maxFiles: 1 });
async function run(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tightrope-million-'));
  try {
    const database = await openDatabase({ file: path.join(folder, 'store.db'), logger });
    // The rows come before the sums, so that the migration's own summing up is measured as well.
    await migrate(
      database,
      MIGRATIONS.filter(({ name }) => name < '0011'),
      { logger },
    );
    await fill(database);
    const startedAt = performance.now();
    await migrate(database, MIGRATIONS, { logger });
    say('migration with summing up', [performance.now() - startedAt]);
    await measure(database);
    await database.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(database: Database): Promise<void> {
  const now = Date.now();
  await database.write.transaction(async (trx) => {
    for (let index = 0; index < 5; index += 1) {
      const times = { created_at_ms: now, updated_at_ms: now };
      await trx('accounts').insert({ id: `account-${index}`, provider: 'openai', identity_key: `k${index}`, ...times });
    }
    await trx.raw(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
       INSERT INTO request_logs (id, node_id, request_id, account_id, method, path, status_code, model, transport,
         requested_at_ms, latency_ms, first_token_ms, input_tokens, output_tokens, total_tokens, cost_micro_usd, client,
         attempts, sticky, stream)
       SELECT printf('01900000-0000-7000-8000-%012d', i), 'node', printf('request-%d', i), 'account-' || (i % 5),
         'POST', '/backend-api/codex/responses', CASE WHEN i % 50 = 0 THEN 502 ELSE 200 END, 'gpt-5.' || (i % 4), 'http',
         ? - ? + CAST(i * (? * 1.0 / ?) AS INTEGER), i % 9000, i % 900, 1000, 100, 1100, 5000, 'codex_exec/0.169.0', 1, 0, 1
       FROM n`,
      [ROWS, now, DAYS * DAY_MS, DAYS * DAY_MS, ROWS],
    );
  });
}

async function measure(database: Database): Promise<void> {
  const ledger = new LedgerService({ database, clock: systemClock, logger, nodeId: 'node' });
  const reports = new ReportsService({ database, clock: systemClock, ledger });
  const since = String(Date.now() - 10 * DAY_MS);
  const until = String(Date.now() - 9 * DAY_MS);
  await timed('first page', () => ledger.page({ limit: '250' }));
  await timed('account and day', () => ledger.page({ limit: '250', accountId: 'account-3', since, until }));
  await timed('errors of a day', () => ledger.page({ limit: '250', status: 'error', since, until }));
  await timed('report 28 days by model', () => reports.report({ range: '28d', by: 'model' }));
  await timed('values to filter by', () => ledger.options());
}

async function timed(name: string, call: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  for (let count = 0; count < CALLS; count += 1) {
    const startedAt = performance.now();
    await call();
    times.push(performance.now() - startedAt);
  }
  say(name, times);
}

function say(name: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  process.stdout.write(
    `${name.padEnd(28)} median ${median.toFixed(1)} ms, worst ${(sorted.at(-1) ?? 0).toFixed(1)} ms\n`,
  );
}

run().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  process.exitCode = 1;
});
