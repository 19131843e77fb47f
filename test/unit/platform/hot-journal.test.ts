import { copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../../../sidecar/platform/database';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();

test('what a crash left half-written in journal mode is rolled back, not refused', async () => {
  const live = path.join(directory(), 'live.db');
  const writer = await openRaw(live, 'create');
  await writer.execute('CREATE TABLE knex_migrations (id INTEGER PRIMARY KEY, name TEXT)');
  await writer.execute(
    "INSERT INTO knex_migrations (name) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'before' || hex(zeroblob(100)) FROM n",
  );
  // A cache of one page makes SQLite write changed pages before the commit, as a long transaction does.
  await writer.execute('PRAGMA cache_size = 1');
  await writer.execute('BEGIN');
  await writer.execute("UPDATE knex_migrations SET name = 'half' || name");
  const file = path.join(directory(), 'store.db');
  await copyFile(live, file);
  await copyFile(`${live}-journal`, `${file}-journal`);
  await writer.execute('ROLLBACK');
  await writer.close();
  expect((await stat(`${file}-journal`)).size).toBeGreaterThan(0);

  const database = await openDatabase({ file, logger: recordingLogger() });
  const [row] = await database.read('knex_migrations').where('name', 'like', 'half%').count({ n: '*' });
  expect(row).toEqual({ n: 0 });
  await database.close();
});
