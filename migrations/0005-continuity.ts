/** Who made which opaque value, and who serves which conversation (design §3 "Bind"; spec/proxy.md 5.6, 7.2). */
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('continuity_owners', (table) => {
    // API key id; '' = no key.
    table.text('api_key_scope').notNullable();
    // response, turn_state, file, ciphertext
    table.text('kind').notNullable();
    // Short hash of the value, which is not stored.
    table.text('mark').notNullable();
    table.text('account_id').notNullable();
    table.bigInteger('expires_at_ms').notNullable();
    table.primary(['api_key_scope', 'kind', 'mark']);
    table.index(['expires_at_ms'], 'idx_continuity_owners_expires');
  });
  await knex.schema.createTable('proxy_sticky_sessions', (table) => {
    table.text('api_key_scope').notNullable();
    // codex_session, sticky_thread, prompt_cache
    table.text('kind').notNullable();
    table.text('session_key').notNullable();
    // NULL = released by a person.
    table.text('account_id');
    table.integer('cached_tokens');
    table.bigInteger('updated_at_ms').notNullable();
    table.bigInteger('expires_at_ms').notNullable();
    table.primary(['api_key_scope', 'kind', 'session_key']);
    table.index(['expires_at_ms'], 'idx_sticky_sessions_expires');
  });
}
