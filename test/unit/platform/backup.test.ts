import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database } from '../../../sidecar/platform/database';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';
import { openQueue, ROWS, type QueueFixture } from './queue-fixture';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
let fixture: QueueFixture;
let database: Database;

beforeEach(async () => {
  fixture = await openQueue(directory());
  database = fixture.database;
});

afterEach(async () => {
  await database.close();
});

test('a copy holds what is committed, for the owner only, and nothing else is left', async () => {
  database.write.append(ROWS, { id: 'a', note: '' });
  await database.write.flush();
  const copy = path.join(directory(), 'copy.db');
  await database.backup(copy);
  const connection = await openRaw(copy, 'read-only');
  expect(await connection.all('SELECT id FROM rows')).toEqual([{ id: 'a' }]);
  await connection.close();
  expect((await stat(copy)).mode & 0o777).toBe(0o600);
  expect((await readdir(directory())).sort()).toEqual(['copy.db', 'store.db', 'store.db-shm', 'store.db-wal']);
});

test('a copy does not wait for the transaction that runs and does not contain it', async () => {
  const copy = path.join(directory(), 'copy.db');
  await database.write.transaction(async (trx) => {
    await trx('rows').insert({ id: 'uncommitted', note: '' });
    await database.backup(copy);
  });
  const connection = await openRaw(copy, 'read-only');
  expect(await connection.all('SELECT id FROM rows')).toEqual([]);
  await connection.close();
});

test('an existing file is not replaced, a missing directory is told', async () => {
  const taken = path.join(directory(), 'taken');
  await writeFile(taken, 'precious');
  await expect(database.backup(taken)).rejects.toMatchObject({ code: 'db_backup_failed' });
  expect((await stat(taken)).size).toBe(8);
  const nowhere = path.join(directory(), 'missing', 'copy.db');
  await expect(database.backup(nowhere)).rejects.toMatchObject({ code: 'db_backup_failed' });
});
