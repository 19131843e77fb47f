/**
 * Sums of the request log by hour and by day, kept longer than its rows, and the indexes that make the log quick at a
 * million rows. `span_ms` is 3600000 or 86400000; an absent account, key, model or client is ''.
 */
import type { Knex } from 'knex';

const DIMENSIONS = ['account_id', 'api_key_id', 'model', 'client'] as const;
const SUMS = [
  'requests',
  'errors',
  'retried',
  'sticky',
  'unpriced',
  'input_tokens',
  'cached_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'cost_micro_usd',
] as const;

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('usage_rollups', (table) => {
    table.integer('span_ms').notNullable();
    table.bigInteger('start_at_ms').notNullable();
    for (const name of DIMENSIONS) table.text(name).notNullable();
    for (const name of SUMS) table.bigInteger(name).notNullable();
    table.primary(['span_ms', 'start_at_ms', ...DIMENSIONS]);
  });
  // How many turns took how long: `bucket` is logarithmic (sidecar/ledger/latency-buckets.ts).
  await knex.schema.createTable('usage_latencies', (table) => {
    table.integer('span_ms').notNullable();
    table.bigInteger('start_at_ms').notNullable();
    for (const name of DIMENSIONS) table.text(name).notNullable();
    table.text('metric').notNullable();
    table.integer('bucket').notNullable();
    table.bigInteger('turns').notNullable();
    table.primary(['span_ms', 'start_at_ms', ...DIMENSIONS, 'metric', 'bucket']);
  });
  for (const spanMs of [3_600_000, 86_400_000]) await sumUp(knex, spanMs);
  await knex.schema.alterTable('request_logs', (table) => {
    table.dropIndex(['account_id', 'requested_at_ms'], 'idx_request_logs_account_requested_at');
    table.index(['account_id', 'requested_at_ms', 'id'], 'idx_request_logs_account_requested_at_id');
    table.index(['model', 'requested_at_ms', 'id'], 'idx_request_logs_model_requested_at_id');
    // The narrowest one: counting all rows reads it alone.
    table.index(['status_code'], 'idx_request_logs_status_code');
  });
}

/** What the log holds already; its percentiles are not summed up. */
async function sumUp(knex: Knex, spanMs: number): Promise<void> {
  const dimensions = DIMENSIONS.map((name) => `COALESCE(${name}, '')`).join(', ');
  const start = `requested_at_ms - requested_at_ms % ${String(spanMs)}`;
  await knex.raw(
    `INSERT INTO usage_rollups (span_ms, start_at_ms, ${[...DIMENSIONS, ...SUMS].join(', ')})
     SELECT ${String(spanMs)}, ${start}, ${dimensions},
       COUNT(*),
       SUM(CASE WHEN status_code >= 400 OR error_code IS NOT NULL THEN 1 ELSE 0 END),
       SUM(CASE WHEN attempts > 1 THEN 1 ELSE 0 END),
       SUM(sticky),
       SUM(CASE WHEN cost_micro_usd IS NULL AND total_tokens > 0 THEN 1 ELSE 0 END),
       SUM(COALESCE(input_tokens, 0)), SUM(COALESCE(cached_tokens, 0)), SUM(COALESCE(output_tokens, 0)),
       SUM(COALESCE(reasoning_tokens, 0)), SUM(COALESCE(total_tokens, 0)), SUM(COALESCE(cost_micro_usd, 0))
     FROM request_logs GROUP BY ${start}, ${dimensions}`,
  );
}
