import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate, type Migration } from '../../../sidecar/platform/migrate';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
const logger = recordingLogger();
const opened: Database[] = [];

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function open(): Promise<Database> {
  const database = await openDatabase({ file: path.join(directory(), 'store.db'), logger });
  opened.push(database);
  return database;
}

const first: Migration = {
  name: '0001-first',
  up: async (knex) => {
    await knex.schema.createTable('parents', (table) => table.text('id').primary());
    await knex.schema.createTable('children', (table) => {
      table.text('id').primary();
      table.text('parent_id').references('id').inTable('parents').onDelete('CASCADE');
    });
  },
};
const second: Migration = {
  name: '0002-second',
  up: (knex) => knex.schema.alterTable('parents', (table) => table.text('name')),
};

async function copies(): Promise<string[]> {
  return (await readdir(directory())).filter((name) => name.includes('pre-migrate')).sort();
}

async function tables(knex: Knex): Promise<string[]> {
  const rows: { name: string }[] = await knex('sqlite_master').where({ type: 'table' }).orderBy('name').select('name');
  return rows.map(({ name }) => name).filter((name) => !name.startsWith('sqlite_') && !name.startsWith('knex_'));
}

test('a new database gets every step, without a copy', async () => {
  const database = await open();
  await expect(migrate(database, [first, second], { logger })).resolves.toEqual({
    applied: ['0001-first', '0002-second'],
    backup: null,
  });
  expect(await database.read.schema.hasColumn('parents', 'name')).toBe(true);
  expect(await copies()).toEqual([]);
});

test('an up-to-date database is left alone', async () => {
  const database = await open();
  await migrate(database, [first], { logger });
  await expect(migrate(database, [first], { logger })).resolves.toEqual({ applied: [], backup: null });
});

test('before a pending step an existing database is copied, readable by its owner only', async () => {
  const database = await open();
  await migrate(database, [first], { logger });
  await database.write.transaction((trx) => trx('parents').insert({ id: 'p' }));
  const { backup } = await migrate(database, [first, second], { logger });
  if (backup === null) throw new Error('no copy was made');
  expect(path.basename(backup)).toMatch(/^store\.db\.pre-migrate-0002-second-\d{8}T\d{9}Z$/);
  expect((await stat(backup)).mode & 0o777).toBe(0o600);
  const copy = await openDatabase({ file: backup, logger });
  opened.push(copy);
  expect(await copy.read('parents').select()).toEqual([{ id: 'p' }]);
});

test('only the newest five copies are kept', async () => {
  const database = await open();
  const steps = [first];
  await migrate(database, steps, { logger });
  for (let i = 2; i <= 8; i += 1) {
    steps.push({ name: `000${i}-next`, up: (knex) => knex.schema.createTable(`t${i}`, (table) => table.text('id')) });
    await migrate(database, steps, { logger });
  }
  const names = (await copies()).map((name) =>
    name.slice('store.db.pre-migrate-'.length, -'-20261124T000000000Z'.length),
  );
  expect(names).toEqual(['0004-next', '0005-next', '0006-next', '0007-next', '0008-next']);
});

test('when a later step fails, the earlier ones of the same start are undone, too', async () => {
  const database = await open();
  await migrate(database, [first], { logger });
  const third: Migration = {
    name: '0003-third',
    up: async (knex) => {
      await knex.schema.createTable('half', (table) => table.text('id'));
      await knex.raw('SELECT * FROM missing');
    },
  };
  await expect(migrate(database, [first, second, third], { logger })).rejects.toMatchObject({
    code: 'db_migration_failed',
    details: { step: '0003-third', backup: expect.stringContaining('pre-migrate-0002-second') as string },
  });
  expect(await tables(database.read)).toEqual(['children', 'parents']);
  expect(await database.read.schema.hasColumn('parents', 'name')).toBe(false);
  await expect(migrate(database, [first, second], { logger })).resolves.toMatchObject({ applied: ['0002-second'] });
});

test('a step may rebuild a table that others refer to, and references are checked again afterwards', async () => {
  const database = await open();
  await migrate(database, [first], { logger });
  await database.write.transaction(async (trx) => {
    await trx('parents').insert({ id: 'p' });
    await trx('children').insert({ id: 'c', parent_id: 'p' });
  });
  const rebuild: Migration = {
    name: '0002-rebuild',
    up: (knex) => knex.schema.alterTable('parents', (table) => table.text('id').notNullable().alter()),
  };
  await migrate(database, [first, rebuild], { logger });
  expect(await database.read('children').select()).toEqual([{ id: 'c', parent_id: 'p' }]);
  const orphan = database.write.transaction((trx) => trx('children').insert({ id: 'd', parent_id: 'nobody' }));
  await expect(orphan).rejects.toThrow('FOREIGN KEY');
});

test('a step that leaves references to nothing is undone', async () => {
  const database = await open();
  await migrate(database, [first], { logger });
  const orphans: Migration = {
    name: '0002-orphans',
    up: async (knex) => {
      await knex('children').insert({ id: 'c', parent_id: 'nobody' });
    },
  };
  await expect(migrate(database, [first, orphans], { logger })).rejects.toThrow('references');
  expect(await database.read('children').select()).toEqual([]);
});

test('two starts at the same time run each step once', async () => {
  const [one, two] = [await open(), await open()];
  const reports = await Promise.all([migrate(one, [first], { logger }), migrate(two, [first], { logger })]);
  expect(reports.flatMap(({ applied }) => applied)).toEqual(['0001-first']);
});

test('a newer schema is refused by name and stays as it is', async () => {
  const older = await open();
  await migrate(older, [first, second], { logger });
  await older.close();
  const before = createHash('sha256')
    .update(await readFile(older.file))
    .digest('hex');

  const database = await open();
  await expect(migrate(database, [first], { logger })).rejects.toMatchObject({
    code: 'db_newer_schema',
    message: expect.stringMatching(/0002-second.*0001-first/) as string,
    details: { found: '0002-second', known: '0001-first' },
  });
  await database.close();
  expect(
    createHash('sha256')
      .update(await readFile(older.file))
      .digest('hex'),
  ).toBe(before);
  expect(await readdir(directory())).toEqual(['store.db']);
});
