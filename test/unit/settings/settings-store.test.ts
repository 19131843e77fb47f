import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { createSettingsStore, type SettingsStore } from '../../../sidecar/settings/settings-store';
import { recordingLogger } from '../admin/recording-logger';

let folder = '';
let database: Database;
let store: SettingsStore;
const NOW = 1_790_000_000_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
  const logger = recordingLogger();
  database = await openDatabase({ file: join(folder, 'store.db'), logger });
  await migrate(database, MIGRATIONS, { logger });
  store = createSettingsStore(database, { now: () => NOW });
});

afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

test('a new database has no settings, at version 1', async () => {
  expect(await store.get()).toEqual({ version: 1, settings: {} });
});

test('a patch sets what it names, keeps the rest and raises the version', async () => {
  await store.patch({ theme: 'dark', pool: { a: 1 } });
  expect(await store.patch({ pool: { b: 2 } })).toEqual({ version: 3, settings: { theme: 'dark', pool: { b: 2 } } });
  expect(await store.get()).toEqual({ version: 3, settings: { theme: 'dark', pool: { b: 2 } } });
  const row: unknown = await database.read('dashboard_settings').first('updated_at_ms');
  expect(row).toEqual({ updated_at_ms: NOW });
});

test('a patch that expects an older version is refused with the current one', async () => {
  await store.patch({ theme: 'dark' }, 1);
  await expect(store.patch({ theme: 'light' }, 1)).rejects.toMatchObject({
    code: 'conflict',
    status: 409,
    details: { version: 2 },
  });
  expect((await store.get()).settings).toEqual({ theme: 'dark' });
});

test('patches at the same time lose nothing', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => store.patch({ [`key${index}`]: index })));
  const { version, settings } = await store.get();
  expect(version).toBe(21);
  expect(Object.keys(settings)).toHaveLength(20);
});

test.each(['[]', '5', 'null', '{broken'])(
  'stored settings that are no object (%s) are an error, not empty',
  async (text) => {
    await database.write.transaction((trx) => trx('dashboard_settings').update({ settings: text }));
    await expect(store.get()).rejects.toMatchObject({ code: 'db_unavailable' });
  },
);
