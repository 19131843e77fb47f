/** Sign-in to the dashboard, and the record of every change made through the admin API. */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('dashboard_signin', (table) => {
    table.integer('id').primary().checkIn(['1'], 'chk_dashboard_signin_one_row');
    // NULL = no password is set.
    table.text('password_hash');
    // NULL = nobody may only look.
    table.text('reader_password_hash');
    table.text('totp_secret_sealed');
    // The last time step of which a code was accepted: no code counts twice.
    table.bigInteger('totp_last_step');
  });
  await knex('dashboard_signin').insert({ id: 1 });
  await knex.schema.createTable('dashboard_sessions', (table) => {
    // SHA-256 of the cookie's value.
    table.text('id_hash').primary();
    table.text('role').notNullable();
    table.integer('totp_verified').notNullable();
    table.bigInteger('created_at_ms').notNullable();
    table.bigInteger('seen_at_ms').notNullable();
  });
  await knex.schema.createTable('audit_log', (table) => {
    table.text('id').primary();
    table.text('node_id').notNullable();
    table.bigInteger('at_ms').notNullable();
    table.text('actor').notNullable();
    table.text('role').notNullable();
    table.text('address');
    table.text('session_id');
    table.text('method').notNullable();
    table.text('path').notNullable();
    table.integer('status_code').notNullable();
    // JSON array: names of the body's fields, never values.
    table.text('fields').notNullable();
    table.text('request_id').notNullable();
    table.index(['at_ms'], 'idx_audit_log_at');
  });
}
