/** The addresses and networks that may use the proxy (spec/data-security.md 9). */
import type { Knex } from 'knex';

/** Creates the allow-list; without rows everybody may. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('api_firewall_allowlist', (table) => {
    table.text('id').primary();
    // Canonical text: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
    table.text('ip').notNullable().unique();
    table.bigInteger('created_at_ms').notNullable();
  });
}
