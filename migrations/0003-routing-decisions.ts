/** Why each request went where it went (design §11: a table of its own, kept for 7 days). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('routing_decisions', (table) => {
    // Row of request_logs. No reference: both are written in batches of their own, in any order.
    table.text('request_log_id').primary();
    table.bigInteger('at_ms').notNullable();
    // JSON object with its own version `v`.
    table.text('decision').notNullable();
    table.index(['at_ms'], 'idx_routing_decisions_at');
  });
}
