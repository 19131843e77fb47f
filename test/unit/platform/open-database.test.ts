import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
const opened: Database[] = [];

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

async function open(file: string): Promise<Database> {
  const database = await openDatabase({ file, logger: recordingLogger() });
  opened.push(database);
  return database;
}

async function mode(file: string): Promise<string> {
  return ((await stat(file)).mode & 0o777).toString(8);
}

test('a new database gets its directory with 0700 and its file, log and index with 0600', async () => {
  const file = path.join(directory(), 'new', 'deeper', 'store.db');
  const database = await open(file);
  await database.write.transaction((trx) => trx.schema.createTable('t', (table) => table.text('id')));
  expect(await mode(path.dirname(file))).toBe('700');
  expect(await mode(file)).toBe('600');
  expect(await mode(`${file}-wal`)).toBe('600');
  expect(await mode(`${file}-shm`)).toBe('600');
});

test('an existing directory keeps its mode, an existing file loses access for others', async () => {
  const folder = path.join(directory(), 'given');
  await mkdir(folder, { mode: 0o755 });
  const file = path.join(folder, 'store.db');
  await writeFile(file, '', { mode: 0o644 });
  await open(file);
  expect(await mode(folder)).toBe('755');
  expect(await mode(file)).toBe('600');
});

test('writer and readers have foreign keys, WAL, synchronous NORMAL and the busy timeout', async () => {
  const database = await open(path.join(directory(), 'store.db'));
  const expected = { foreign_keys: 1, journal_mode: 'wal', synchronous: 1, timeout: 5000 };
  const settings = async (query: (sql: string) => Promise<unknown>): Promise<Record<string, unknown>> => {
    const found: Record<string, unknown> = {};
    for (const name of ['foreign_keys', 'journal_mode', 'synchronous', 'busy_timeout']) {
      Object.assign(found, ((await query(`PRAGMA ${name}`)) as object[])[0]);
    }
    return found;
  };
  expect(await settings(async (sql) => database.read.raw<unknown>(sql))).toEqual(expected);
  const written = await database.write.transaction((trx) => settings(async (sql) => trx.raw<unknown>(sql)));
  expect(written).toEqual(expected);
});

test('read connections cannot write', async () => {
  const database = await open(path.join(directory(), 'store.db'));
  await expect(database.read.schema.createTable('t', (table) => table.text('id'))).rejects.toThrow('readonly database');
});

test('readers see what a transaction committed, and nothing of one that runs', async () => {
  const database = await open(path.join(directory(), 'store.db'));
  await database.write.transaction((trx) => trx.schema.createTable('t', (table) => table.text('id')));
  await database.write.transaction(async (trx) => {
    await trx('t').insert({ id: 'a' });
    expect(await database.read('t').select()).toEqual([]);
  });
  expect(await database.read('t').select()).toEqual([{ id: 'a' }]);
});

test('closing twice is closing once, and leaves one file', async () => {
  const file = path.join(directory(), 'store.db');
  const database = await open(file);
  await database.write.transaction((trx) => trx.schema.createTable('t', (table) => table.text('id')));
  const closing = database.close();
  expect(database.close()).toBe(closing);
  await closing;
  await expect(stat(`${file}-wal`)).rejects.toThrow('ENOENT');
  await expect(database.write.transaction(() => Promise.resolve())).rejects.toMatchObject({ code: 'db_unavailable' });
});
