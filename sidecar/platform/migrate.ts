/** Brings a database to the current schema: forward only, all or nothing, with a copy of the old file kept. */
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import type { Database } from './database';
import { HISTORY_TABLE } from './database-file';
import { TightropeError } from './errors';
import type { Logger } from './logger';
import { createPrivateDirectory } from './private-directory';
import { messageOf } from './thrown';

/** One step of the schema's history. Steps are never changed once released. */
export interface Migration {
  /** `0001-base`; the order of the list counts, names only identify. */
  readonly name: string;
  up(knex: Knex): Promise<void>;
}

/** How to migrate. */
export interface MigrateOptions {
  readonly logger: Logger;
  /** Directory of the copies, created (0700) when missing; beside the database when left out. */
  readonly backupDir?: string;
}

/** What was done. */
export interface MigrationReport {
  /** Names of the steps that ran. */
  readonly applied: readonly string[];
  /** Path of the copy made before, `null` when nothing was pending or the database was new. */
  readonly backup: string | null;
}

const BACKUPS_KEPT = 5;

/**
 * Runs every step that the database does not have, in one transaction. That transaction is also the lock: it begins with
 * the write lock, so a second process waits, then sees the steps as done; a process that dies leaves no lock behind.
 * @throws TightropeError `db_newer_schema` (nothing touched), `db_backup_failed`, `db_migration_failed` (rolled back)
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
  { logger, backupDir = path.dirname(database.file) }: MigrateOptions,
): Promise<MigrationReport> {
  const done = await appliedNames(database.read);
  refuseNewer(database.file, done, migrations);
  const first = migrations.find(({ name }) => !done.includes(name));
  if (first === undefined) return { applied: [], backup: null };
  const backup = done.length === 0 ? null : await backUp(database, first.name, backupDir);
  const applied = await database.changeSchema((trx) => runPending(trx, migrations, database.file, backup));
  logger.info('schema_migrated', { applied, backup });
  return { applied, backup };
}

async function appliedNames(read: Knex): Promise<string[]> {
  if (!(await read.schema.hasTable(HISTORY_TABLE))) return [];
  const rows = await read<{ id: number; name: string }>(HISTORY_TABLE).orderBy('id').select('name');
  return rows.map(({ name }) => name);
}

function refuseNewer(file: string, done: readonly string[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = done.filter((name) => !known.has(name));
  const newest = unknown.at(-1);
  if (newest === undefined) return;
  const own = migrations.at(-1)?.name ?? 'none';
  throw new TightropeError('db_newer_schema', {
    message:
      `${file} was written by a newer Tightrope: it has schema step ${newest}, this one knows up to ${own}. Nothing was changed. ` +
      'Start the newer version, or choose another file with --db, or put back the copy made before the upgrade (….pre-migrate-…).',
    details: { file, found: newest, known: own },
  });
}

async function backUp(database: Database, step: string, directory: string): Promise<string> {
  await createPrivateDirectory(directory);
  const prefix = `${path.basename(database.file)}.pre-migrate-`;
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  const target = path.join(directory, `${prefix}${step}-${stamp}`);
  await database.backup(target);
  await removeOldBackups(directory, prefix);
  return target;
}

/** Sorted by the time at the end of the name, which every name has in the same width. */
async function removeOldBackups(directory: string, prefix: string): Promise<void> {
  const stampOf = (name: string): string => name.slice(name.lastIndexOf('-') + 1);
  const copies = (await readdir(directory))
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => (stampOf(a) < stampOf(b) ? -1 : 1));
  for (const name of copies.slice(0, -BACKUPS_KEPT)) await rm(path.join(directory, name), { force: true });
}

/** knex's migrator keeps the history; the transaction around it is ours, so its own ones are savepoints. */
async function runPending(
  trx: Knex.Transaction,
  migrations: readonly Migration[],
  file: string,
  backup: string | null,
): Promise<string[]> {
  const applied: string[] = [];
  const source: Knex.MigrationSource<Migration> = {
    getMigrations: () => Promise.resolve([...migrations]),
    getMigrationName: ({ name }) => name,
    getMigration: (migration) =>
      Promise.resolve({
        up: async (knex) => {
          await runStep(migration, knex, file, backup);
          applied.push(migration.name);
        },
        down: () => Promise.reject(new Error('The schema only goes forward; put back the copy made before.')),
      }),
  };
  await trx.migrate.latest({ migrationSource: source, tableName: HISTORY_TABLE, disableTransactions: true });
  return applied;
}

async function runStep({ name, up }: Migration, knex: Knex, file: string, backup: string | null): Promise<void> {
  try {
    await up(knex);
  } catch (cause) {
    const kept = backup === null ? '' : ` A copy is at ${backup}.`;
    throw new TightropeError('db_migration_failed', {
      message: `Schema step ${name} failed on ${file}: ${messageOf(cause)}. The database is as it was before.${kept}`,
      details: { file, step: name, ...(backup === null ? {} : { backup }) },
      cause,
    });
  }
}
