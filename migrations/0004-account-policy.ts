/** What people decide about an account, and what a token refresh has to remember across the death of the process. */
import type { Knex } from 'knex';

/** Adds columns to `accounts`; rows that are there get the neutral values. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('accounts', (table) => {
    table.text('alias');
    // JSON array of strings.
    table.text('tags').notNullable().defaultTo('[]');
    table.text('routing_mode').notNullable().defaultTo('normal');
    // NULL = no limit of our own.
    table.integer('max_used_percent');
    table.integer('max_concurrent');
    // Refreshes that failed in a row for a passing reason.
    table.integer('token_refresh_failures').notNullable().defaultTo(0);
    // Set before a refresh token is presented, cleared with the provider's answer: left over by a process that died.
    table.text('token_refresh_intent_hash');
    table.bigInteger('token_refresh_intent_at_ms');
  });
}
