import path from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { recordingLogger } from '../platform/recording-logger';
import { temporaryDirectory } from '../platform/temp-directory';

const directory = temporaryDirectory();
let database: Database;

beforeEach(async () => {
  database = await openDatabase({ file: path.join(directory(), 'store.db'), logger: recordingLogger() });
});
afterEach(async () => {
  await database.close();
});

const migrateTo = (last: string): Promise<unknown> => {
  const upTo = MIGRATIONS.findIndex(({ name }) => name === last) + 1;
  return migrate(database, MIGRATIONS.slice(0, upTo), { logger: recordingLogger() });
};

async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  await database.write.transaction(async (trx) => {
    await trx(table).insert(row);
  });
}

const account = { id: 'a', provider: 'openai', identity_key: 'k', created_at_ms: 1, updated_at_ms: 1 };
const sample = {
  id: 'u',
  node_id: 'n',
  account_id: 'a',
  observed_at_ms: 1,
  window_class: 'short',
  used_percent: 1,
  source: 'poll',
};

test("samples of the first release are of the account's own limit", async () => {
  await migrateTo('0001-base');
  await insert('accounts', account);
  await insert('usage_history', sample);
  await migrateTo('0002-quota');
  expect(await database.read('usage_history').select('id', 'family')).toEqual([{ id: 'u', family: 'codex' }]);
});

test('a snapshot goes with its account and cannot be of nobody', async () => {
  await migrateTo('0002-quota');
  await insert('accounts', account);
  const snapshot = { account_id: 'a', node_id: 'n', snapshot: '{}', updated_at_ms: 1 };
  await insert('quota_snapshots', snapshot);
  await expect(insert('quota_snapshots', { ...snapshot, account_id: 'nobody' })).rejects.toThrow('FOREIGN KEY');
  await database.write.transaction(async (trx) => {
    await trx('accounts').where({ id: 'a' }).delete();
  });
  expect(await database.read('quota_snapshots').select()).toEqual([]);
});

test.each([
  [
    "SELECT max(used_percent) FROM usage_history WHERE account_id = 'a' AND family = 'codex' AND observed_at_ms >= 1",
    'idx_usage_history_account_observed_at',
  ],
  ['SELECT id FROM usage_history WHERE observed_at_ms < 1', 'idx_usage_history_observed_at'],
])('%s uses an index', async (query, index) => {
  await migrateTo('0002-quota');
  const plan = await database.read.raw<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${query}`);
  expect(plan.map(({ detail }) => detail).join('\n')).toContain(index);
});
