/** Quota: samples of every limit, not only the account's own, and the last known state for the next start. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('usage_history', (table) => {
    // Which limit of the account: `codex` = its own (the upstream's `metered_feature` otherwise).
    table.text('family').notNullable().defaultTo('codex');
    table.index(['observed_at_ms'], 'idx_usage_history_observed_at');
  });
  await knex.schema.createTable('quota_snapshots', (table) => {
    table.text('account_id').primary().references('id').inTable('accounts').onDelete('CASCADE');
    table.text('node_id').notNullable();
    // JSON object with its own `version`; no secret in it.
    table.text('snapshot').notNullable();
    table.bigInteger('updated_at_ms').notNullable();
  });
}
