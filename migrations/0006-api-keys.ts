/** API keys, their limits, and what turns in flight hold of them (spec/data-security.md 2.3, 8). */
import type { Knex } from 'knex';

/** Creates the tables of the keys feature. */
export async function up(knex: Knex): Promise<void> {
  await createKeys(knex);
  await createLimits(knex);
  await createReservations(knex);
}

async function createKeys(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_keys', (table) => {
    table.text('id').primary();
    // SHA-256 of the secret, lower-case hex; the secret itself is stored nowhere.
    table.text('key_hash').notNullable().unique();
    table.text('key_prefix').notNullable();
    table.text('name').notNullable();
    table.integer('is_active').notNullable().defaultTo(1);
    // JSON arrays of strings; empty = any.
    table.text('allowed_models').notNullable().defaultTo('[]');
    table.text('allowed_account_ids').notNullable().defaultTo('[]');
    table.text('allowed_efforts').notNullable().defaultTo('[]');
    table.text('allowed_transports').notNullable().defaultTo('[]');
    table.text('enforced_model');
    table.text('enforced_reasoning_effort');
    table.text('enforced_service_tier');
    table.integer('show_routed_account').notNullable().defaultTo(0);
    table.bigInteger('expires_at_ms');
    table.bigInteger('last_used_at_ms');
    // Sums since the key was made.
    table.bigInteger('used_requests').notNullable().defaultTo(0);
    table.bigInteger('used_input_tokens').notNullable().defaultTo(0);
    table.bigInteger('used_output_tokens').notNullable().defaultTo(0);
    table.bigInteger('used_total_tokens').notNullable().defaultTo(0);
    table.bigInteger('used_cost_micro_usd').notNullable().defaultTo(0);
    table.bigInteger('created_at_ms').notNullable();
    table.bigInteger('updated_at_ms').notNullable();
  });
}

async function createLimits(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_key_limits', (table) => {
    table.text('id').primary();
    table.text('api_key_id').notNullable().references('id').inTable('api_keys').onDelete('CASCADE');
    table.text('limit_type').notNullable();
    table.text('limit_window').notNullable();
    // Lower-case model name; '' = every model. NULLs would not be unique.
    table.text('model_filter').notNullable().defaultTo('');
    // Tokens, requests or micro-USD, as the type says.
    table.bigInteger('max_value').notNullable();
    table.bigInteger('current_value').notNullable().defaultTo(0);
    table.bigInteger('reset_at_ms').notNullable();
    table.unique(['api_key_id', 'limit_type', 'limit_window', 'model_filter'], { indexName: 'uq_api_key_limits' });
  });
}

/** Only what is open: a row goes when its turn ends, so what a dead process left behind is all that ever stays. */
async function createReservations(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_key_usage_reservations', (table) => {
    table.text('id').primary();
    table.text('node_id').notNullable();
    table.text('api_key_id').notNullable().references('id').inTable('api_keys').onDelete('CASCADE');
    table.text('status').notNullable().defaultTo('reserved');
    table.text('model');
    table.bigInteger('reserved_at_ms').notNullable();
    table.bigInteger('input_tokens').notNullable();
    table.bigInteger('output_tokens').notNullable();
    table.bigInteger('cost_micro_usd').notNullable();
    table.index(['node_id', 'reserved_at_ms'], 'idx_api_key_reservations_node');
  });
}
