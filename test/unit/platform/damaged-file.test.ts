import { createHash } from 'node:crypto';
import { mkdir, open as openFile, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../../../sidecar/platform/database';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';
import { TightropeError } from '../../../sidecar/platform/errors';
import { migrate } from '../../../sidecar/platform/migrate';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();

async function contents(): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of await readdir(directory())) {
    found[name] = createHash('sha256')
      .update(await readFile(path.join(directory(), name)))
      .digest('hex');
  }
  return found;
}

async function refusal(file: string): Promise<TightropeError> {
  const thrown: unknown = await openDatabase({ file, logger: recordingLogger() }).catch((error: unknown) => error);
  if (!(thrown instanceof TightropeError)) throw new Error(`opened, or threw ${String(thrown)}`);
  return thrown;
}

async function healthyFile(name: string, rows: number): Promise<string> {
  const logger = recordingLogger();
  const database = await openDatabase({ file: path.join(directory(), name), logger });
  const create = { name: '1', up: (knex: typeof database.read) => knex.schema.createTable('t', (t) => t.text('text')) };
  await migrate(database, [create], { logger });
  await database.write.transaction((trx) =>
    trx.batchInsert(
      't',
      Array.from({ length: rows }, (_, i) => ({ text: `${i} ${'x'.repeat(200)}` })),
      100,
    ),
  );
  await database.close();
  return database.file;
}

test('a file that is no database is refused and stays as it is', async () => {
  const file = path.join(directory(), 'store.db');
  await writeFile(file, 'This is a text file, and not a short one. '.repeat(100));
  const before = await contents();
  const error = await refusal(file);
  expect(error.code).toBe('db_corrupt');
  expect(error.message).toContain(file);
  expect(error.details).toHaveProperty('nextStep');
  expect(await contents()).toEqual(before);
});

test('a database with damaged pages is refused and stays as it is', async () => {
  const file = await healthyFile('store.db', 500);
  const handle = await openFile(file, 'r+');
  await handle.write(Buffer.alloc(3 * 4096, 0xa5), 0, undefined, 8 * 4096);
  await handle.close();
  const before = await contents();
  expect((await refusal(file)).code).toBe('db_corrupt');
  expect(await contents()).toEqual(before);
});

test('a database cut in the middle is refused and stays as it is', async () => {
  const file = await healthyFile('store.db', 500);
  await writeFile(file, (await readFile(file)).subarray(0, 5 * 4096 + 100));
  const before = await contents();
  expect((await refusal(file)).code).toBe('db_corrupt');
  expect(await contents()).toEqual(before);
});

test('a database of another program is refused and keeps its journal mode', async () => {
  const file = path.join(directory(), 'other.db');
  const other = await openRaw(file, 'create');
  await other.execute('CREATE TABLE alembic_version (version_num TEXT)');
  await other.close();
  const before = await contents();
  const error = await refusal(file);
  expect(error.code).toBe('db_foreign');
  expect(error.message).toContain('alembic_version');
  expect(await contents()).toEqual(before);
});

test('a directory in place of the file is refused', async () => {
  const file = path.join(directory(), 'store.db');
  await mkdir(file);
  const error = await refusal(file);
  expect(error.code).toBe('db_not_writable');
  expect(error.message).toContain('directory');
});

test('a path below a file is refused', async () => {
  const parent = path.join(directory(), 'file');
  await writeFile(parent, '');
  expect((await refusal(path.join(parent, 'store.db'))).code).toBe('db_not_writable');
});

test('a directory that cannot be created is refused', async () => {
  if (process.platform !== 'linux') return;
  expect((await refusal('/proc/tightrope/store.db')).code).toBe('db_not_writable');
});

test('a healthy database opens again with its rows', async () => {
  const file = await healthyFile('store.db', 10);
  const database = await openDatabase({ file, logger: recordingLogger() });
  expect(await database.read('t').count({ n: '*' })).toEqual([{ n: 10 }]);
  await database.close();
});
