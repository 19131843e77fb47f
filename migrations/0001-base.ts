/**
 * The first schema. Ids are UUIDv7 text, times UTC milliseconds (`_at_ms`), money micro-USD, booleans 0/1 as
 * integers, so that every engine stores and returns the same values.
 */
import type { Knex } from 'knex';

/** Creates all tables of the first release. */
export async function up(knex: Knex): Promise<void> {
  await createAccounts(knex);
  await createRequestLogs(knex);
  await createRuntimeEvents(knex);
  await createDashboardSettings(knex);
  await createUsageHistory(knex);
}

async function createAccounts(knex: Knex): Promise<void> {
  await knex.schema.createTable('accounts', (table) => {
    table.text('id').primary();
    table.text('provider').notNullable();
    // provider | workspace | user (or e-mail, or id): two seats of one workspace are two accounts.
    table.text('identity_key').notNullable().unique();
    table.text('email');
    table.text('chatgpt_account_id');
    table.text('chatgpt_user_id');
    table.text('workspace_label');
    table.text('plan_type');
    table.text('access_token_encrypted');
    table.text('refresh_token_encrypted');
    table.text('id_token_encrypted');
    table.bigInteger('access_token_expires_at_ms');
    // Counts rotations; with the owner it tells nodes of a cluster whose copy of the single-use token is newer.
    table.integer('token_generation').notNullable().defaultTo(0);
    table.text('token_owner');
    table.bigInteger('last_refresh_at_ms');
    table.bigInteger('token_refresh_last_success_at_ms');
    table.bigInteger('token_refresh_next_due_at_ms');
    table.integer('token_refresh_needs_attention').notNullable().defaultTo(0);
    table.text('token_refresh_last_error');
    table.text('status').notNullable().defaultTo('active');
    table.text('status_reason');
    table.bigInteger('blocked_until_ms');
    table.float('quota_primary_percent');
    table.float('quota_secondary_percent');
    table.integer('quota_primary_limit_window_seconds');
    table.integer('quota_secondary_limit_window_seconds');
    table.bigInteger('quota_primary_reset_at_ms');
    table.bigInteger('quota_secondary_reset_at_ms');
    table.bigInteger('usage_telemetry_refreshed_at_ms');
    table.integer('routing_pinned').notNullable().defaultTo(0);
    table.bigInteger('created_at_ms').notNullable();
    table.bigInteger('updated_at_ms').notNullable();
    table.index(['chatgpt_account_id'], 'idx_accounts_chatgpt_account_id');
    table.index(['email'], 'idx_accounts_email');
    table.index(['status'], 'idx_accounts_status');
  });
}

async function createRequestLogs(knex: Knex): Promise<void> {
  await knex.schema.createTable('request_logs', (table) => {
    table.text('id').primary();
    table.text('node_id').notNullable();
    table.text('request_id').notNullable();
    table.text('account_id').references('id').inTable('accounts').onDelete('SET NULL');
    table.text('api_key_id');
    table.text('method').notNullable();
    table.text('path').notNullable();
    table.integer('status_code').notNullable();
    table.text('model');
    table.text('service_tier');
    table.text('reasoning_effort');
    table.integer('stream').notNullable().defaultTo(0);
    table.text('transport').notNullable();
    table.text('upstream_transport');
    table.text('routing_strategy');
    table.integer('sticky').notNullable().defaultTo(0);
    table.double('routing_score');
    table.bigInteger('requested_at_ms').notNullable();
    table.integer('latency_ms');
    table.integer('first_token_ms');
    table.bigInteger('input_tokens');
    table.bigInteger('cached_tokens');
    table.bigInteger('output_tokens');
    table.bigInteger('reasoning_tokens');
    table.bigInteger('total_tokens');
    // NULL = the model's price is not known.
    table.bigInteger('cost_micro_usd');
    table.text('error_code');
    table.text('error_message');
    table.text('error_class');
    table.text('response_id');
    table.text('session_id');
    table.text('client');
    table.integer('attempts').notNullable().defaultTo(0);
    // JSON array, one object per attempt.
    table.text('attempt_log');
    table.bigInteger('bytes_up');
    table.bigInteger('bytes_down');
    table.index(['requested_at_ms', 'id'], 'idx_request_logs_requested_at_id');
    table.index(['account_id', 'requested_at_ms'], 'idx_request_logs_account_requested_at');
    table.index(['request_id'], 'idx_request_logs_request_id');
  });
}

async function createRuntimeEvents(knex: Knex): Promise<void> {
  await knex.schema.createTable('runtime_events', (table) => {
    // AUTOINCREMENT, hence never reused: clients resume by it.
    table.bigIncrements('seq');
    table.text('node_id').notNullable();
    table.text('type').notNullable();
    table.text('level').notNullable();
    table.bigInteger('at_ms').notNullable();
    // No reference: the event outlives its account.
    table.text('account_id');
    table.text('message').notNullable();
    // JSON object.
    table.text('facts');
    table.index(['at_ms'], 'idx_runtime_events_at');
  });
}

async function createDashboardSettings(knex: Knex): Promise<void> {
  await knex.schema.createTable('dashboard_settings', (table) => {
    table.integer('id').primary().checkIn(['1'], 'chk_dashboard_settings_one_row');
    // Grows with every change; a writer that read an older one is refused.
    table.integer('version').notNullable();
    // JSON object: only what differs from the defaults.
    table.text('settings').notNullable();
    table.bigInteger('updated_at_ms').notNullable();
  });
  await knex('dashboard_settings').insert({ id: 1, version: 1, settings: '{}', updated_at_ms: Date.now() });
}

async function createUsageHistory(knex: Knex): Promise<void> {
  await knex.schema.createTable('usage_history', (table) => {
    table.text('id').primary();
    table.text('node_id').notNullable();
    table.text('account_id').notNullable().references('id').inTable('accounts').onDelete('CASCADE');
    table.bigInteger('observed_at_ms').notNullable();
    table.text('window_class').notNullable();
    table.double('used_percent').notNullable();
    table.integer('window_seconds');
    table.bigInteger('reset_at_ms');
    table.text('source').notNullable();
    table.index(['account_id', 'observed_at_ms'], 'idx_usage_history_account_observed_at');
  });
}
