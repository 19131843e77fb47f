import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { createSettingsStore, type SettingsStore, type SettingsValues } from '../../../sidecar/settings/settings-store';
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

const by = 'test';
const set = (changes: SettingsValues, expectedVersion?: number) =>
  store.change((stored) => ({ ...stored, ...changes }), { by, expectedVersion });

test('a change makes a new version and its history', async () => {
  await set({ theme: 'dark' });
  expect(await set({ theme: 'light', pool: 1 })).toEqual({ version: 3, settings: { theme: 'light', pool: 1 } });
  expect(await store.get()).toEqual({ version: 3, settings: { theme: 'light', pool: 1 } });
  expect(await store.history(10)).toEqual([
    {
      version: 3,
      atMs: NOW,
      by,
      changes: [
        { name: 'theme', from: 'dark', to: 'light' },
        { name: 'pool', from: null, to: 1 },
      ],
    },
    { version: 2, atMs: NOW, by, changes: [{ name: 'theme', from: null, to: 'dark' }] },
    { version: 1, atMs: expect.any(Number) as number, by: 'migration', changes: [] },
  ]);
  expect((await store.history(1, 3)).map(({ version }) => version)).toEqual([2]);
  expect(await store.atVersion(2)).toEqual({ theme: 'dark' });
  expect(await store.atVersion(9)).toBeNull();
});

test('the same again is no version', async () => {
  await set({ theme: 'dark' });
  expect((await set({ theme: 'dark' })).version).toBe(2);
  expect(await store.history(10)).toHaveLength(2);
});

test('what is kept beside the settings is no version either', async () => {
  await store.keep({ proxyPaused: true });
  expect(await store.get()).toEqual({ version: 1, settings: { proxyPaused: true } });
  expect(await store.history(10)).toHaveLength(1);
});

test('a change that expects an older version is refused with the current one', async () => {
  await set({ theme: 'dark' }, 1);
  await expect(set({ theme: 'light' }, 1)).rejects.toMatchObject({
    code: 'conflict',
    status: 409,
    details: { version: 2 },
  });
  expect((await store.get()).settings).toEqual({ theme: 'dark' });
});

test('changes at the same time lose nothing', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, index) => set({ [`key${index}`]: index })));
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
