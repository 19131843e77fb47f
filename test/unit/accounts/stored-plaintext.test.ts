import { blankRow } from '../../../sidecar/accounts/account-row';
import type { Database } from '../../../sidecar/platform/database';
import { createTokenBox } from '../../../sidecar/vault/token-box';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const PLAIN = { access_token_encrypted: 'at-plain', refresh_token_encrypted: 'rt-plain', id_token_encrypted: null };

let pool: PoolFixture | undefined;

afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

/** Puts one row there as some other program would have. */
const stored =
  (columns: Record<string, unknown>) =>
  (database: Database): Promise<void> =>
    database.write.transaction(async (trx) => {
      await trx('accounts').insert({ ...blankRow('a1', 'openai', 'openai||a1', 1), ...columns });
    });

test('plaintext tokens are sealed when they are read', async () => {
  pool = await openPool({ prepare: stored(PLAIN) });
  await expect(pool.service.accessToken('a1', PATIENT)).resolves.toBe('at-plain');
  const row = await pool.row('a1');
  expect(row.access_token_encrypted).toMatch(/^tightrope-token:v2:/);
  expect(row.refresh_token_encrypted).toMatch(/^tightrope-token:v2:/);
  expect(row).toMatchObject({ id_token_encrypted: null, token_generation: 0 });
});

test('without migration and requirement they are used as they are', async () => {
  pool = await openPool({
    prepare: stored(PLAIN),
    vault: { migratePlaintextOnRead: false, requireEncryptedAtRest: false },
  });
  await expect(pool.service.accessToken('a1', PATIENT)).resolves.toBe('at-plain');
  expect(await pool.row('a1')).toMatchObject(PLAIN);
});

test('where they are refused, the account says so and its row stays untouched', async () => {
  pool = await openPool({
    prepare: stored(PLAIN),
    vault: { migratePlaintextOnRead: false, requireEncryptedAtRest: true },
  });
  expect(pool.service.usable(START_MS)).toEqual([]);
  expect(await pool.service.get('a1')).toMatchObject({
    status: 'reauth_required',
    reason: expect.stringMatching(/plaintext/) as unknown,
    hasAccessToken: false,
  });
  expect(await pool.row('a1')).toMatchObject({ ...PLAIN, status: 'active' });
});

test('the bulk route counts first, then seals, and the account comes back', async () => {
  pool = await openPool({ prepare: stored(PLAIN), vault: { migratePlaintextOnRead: false } });
  const counts = { scannedAccounts: 1, plaintextAccounts: 1, plaintextTokens: 2, failedAccounts: 0 };
  const policy = { strictModeEnabled: true, migratePlaintextOnReadEnabled: false };
  expect(await pool.service.migrateTokenStorage(true)).toEqual({
    ...counts,
    ...policy,
    migratedAccounts: 0,
    migratedTokens: 0,
    dryRun: true,
  });
  expect(await pool.row('a1')).toMatchObject(PLAIN);
  expect(await pool.service.migrateTokenStorage(false)).toEqual({
    ...counts,
    ...policy,
    migratedAccounts: 1,
    migratedTokens: 2,
    dryRun: false,
  });
  expect(pool.service.usable(START_MS)).toHaveLength(1);
  expect(await pool.service.migrateTokenStorage(false)).toMatchObject({ plaintextTokens: 0, migratedTokens: 0 });
});

test('one account whose tokens cannot be read does not keep the others from serving', async () => {
  const key = Buffer.from('5a'.repeat(32), 'hex');
  const ours = createTokenBox(key, 'token');
  const theirs = createTokenBox(Buffer.alloc(32, 1), 'token');
  pool = await openPool({
    prepare: async (database) => {
      await stored({ access_token_encrypted: theirs.seal('at'), refresh_token_encrypted: theirs.seal('rt') })(database);
      await database.write.transaction(async (trx) => {
        const tokens = { access_token_encrypted: ours.seal('at-2'), refresh_token_encrypted: ours.seal('rt-2') };
        await trx('accounts').insert({ ...blankRow('a2', 'openai', 'openai||a2', 2), ...tokens });
      });
    },
  });
  expect(pool.service.usable(START_MS).map(({ id }) => id)).toEqual(['a2']);
  expect((await pool.service.get('a1')).reason).toMatch(/sealed under key id/);
  expect(pool.lines).toContainEqual(expect.objectContaining({ level: 'warn', event: 'account_tokens_unreadable' }));
});

test('a store whose tokens belong to another key refuses to open at all', async () => {
  const theirs = createTokenBox(Buffer.alloc(32, 1), 'token').seal('at');
  await expect(openPool({ prepare: stored({ access_token_encrypted: theirs }) })).rejects.toMatchObject({
    code: 'vault_wrong_key',
  });
});
