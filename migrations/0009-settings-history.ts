/** Each version of the dashboard settings, so that a change can be looked at and taken back. */
import type { Knex } from 'knex';

interface Stored {
  readonly version: number;
  readonly settings: string;
  readonly updated_at_ms: number;
}

/** Creates the table with the present settings as its first row. */
export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('settings_history', (table) => {
    table.integer('version').primary();
    table.bigInteger('at_ms').notNullable();
    table.text('changed_by').notNullable();
    // JSON array of {name, from, to}.
    table.text('changes').notNullable();
    // JSON object: everything stored after the change.
    table.text('settings').notNullable();
  });
  const stored = await knex<Stored>('dashboard_settings').first();
  if (stored === undefined) return;
  await knex('settings_history').insert({
    version: stored.version,
    at_ms: stored.updated_at_ms,
    changed_by: 'migration',
    changes: '[]',
    settings: stored.settings,
  });
}
