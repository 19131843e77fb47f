import path from 'node:path';
import { MIGRATIONS } from '../../../migrations/index';
import { openDatabase, type Database } from '../../../sidecar/platform/database';
import { migrate } from '../../../sidecar/platform/migrate';
import { recordingLogger } from '../platform/recording-logger';
import { temporaryDirectory } from '../platform/temp-directory';

const directory = temporaryDirectory();
let database: Database;

beforeEach(async () => {
  const logger = recordingLogger();
  database = await openDatabase({ file: path.join(directory(), 'store.db'), logger });
  await migrate(database, MIGRATIONS, { logger });
});

afterEach(async () => {
  await database.close();
});

function account(id: string, identityKey: string): Record<string, unknown> {
  return { id, provider: 'openai', identity_key: identityKey, created_at_ms: 1, updated_at_ms: 1 };
}

function log(id: string, accountId: string | null): Record<string, unknown> {
  const request = { node_id: 'n', request_id: id, method: 'POST', path: '/v1/responses' };
  return { id, account_id: accountId, ...request, status_code: 200, transport: 'http', requested_at_ms: 1 };
}

async function insert(table: string, row: Record<string, unknown>): Promise<void> {
  await database.write.transaction(async (trx) => {
    await trx(table).insert(row);
  });
}

test('an account starts active, unpinned, without attention and in generation 0', async () => {
  await insert('accounts', account('a', 'openai|w|u'));
  expect(await database.read('accounts').first()).toMatchObject({
    status: 'active',
    routing_pinned: 0,
    token_refresh_needs_attention: 0,
    token_generation: 0,
    token_owner: null,
  });
});

test('two accounts cannot have one identity', async () => {
  await insert('accounts', account('a', 'openai|w|u'));
  await expect(insert('accounts', account('b', 'openai|w|u'))).rejects.toThrow('UNIQUE');
});

test('deleting an account keeps its log rows without it and removes its usage samples', async () => {
  await insert('accounts', account('a', 'openai|w|u'));
  await insert('request_logs', log('r', 'a'));
  const sample = { id: 'u', node_id: 'n', account_id: 'a', observed_at_ms: 1, window_class: 'short', used_percent: 1 };
  await insert('usage_history', { ...sample, source: 'poll' });
  await database.write.transaction(async (trx) => {
    await trx('accounts').where({ id: 'a' }).delete();
  });
  expect(await database.read('request_logs').select('id', 'account_id')).toEqual([{ id: 'r', account_id: null }]);
  expect(await database.read('usage_history').select()).toEqual([]);
});

test('a log row cannot name an account that does not exist', async () => {
  await expect(insert('request_logs', log('r', 'nobody'))).rejects.toThrow('FOREIGN KEY');
});

test('event numbers are never given twice', async () => {
  const event = { node_id: 'n', type: 't', level: 'info', at_ms: 1, message: 'm' };
  await insert('runtime_events', event);
  await database.write.transaction(async (trx) => {
    await trx('runtime_events').delete();
  });
  await insert('runtime_events', event);
  expect(await database.read('runtime_events').select('seq')).toEqual([{ seq: 2 }]);
});

test('there is one row of settings, version 1, and no second one', async () => {
  expect(await database.read('dashboard_settings').select('id', 'version', 'settings')).toEqual([
    { id: 1, version: 1, settings: '{}' },
  ]);
  const another = insert('dashboard_settings', { id: 2, version: 1, settings: '{}', updated_at_ms: 1 });
  await expect(another).rejects.toThrow('CHECK');
});

test.each([
  ['SELECT * FROM request_logs ORDER BY requested_at_ms DESC, id DESC LIMIT 50', 'idx_request_logs_requested_at_id'],
  [
    "SELECT count(*) FROM request_logs WHERE account_id = 'a' AND requested_at_ms > 1",
    'idx_request_logs_account_requested_at',
  ],
  ["SELECT * FROM request_logs WHERE request_id = 'r'", 'idx_request_logs_request_id'],
  ['SELECT seq FROM runtime_events WHERE at_ms < 1', 'idx_runtime_events_at'],
  ["SELECT * FROM accounts WHERE email = 'e'", 'idx_accounts_email'],
  ["SELECT * FROM accounts WHERE chatgpt_account_id = 'w'", 'idx_accounts_chatgpt_account_id'],
])('%s uses an index', async (query, index) => {
  const plan = await database.read.raw<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${query}`);
  expect(plan.map(({ detail }) => detail).join('\n')).toContain(index);
});
