import { authJson } from './logins';
import { openPool, START_MS, type PoolFixture } from './pool-fixture';

const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann', planType: 'plus' };
const seconds = (ms: number): number => Math.floor(ms / 1000);

let pool: PoolFixture;

beforeEach(async () => {
  pool = await openPool();
});

afterEach(() => pool.close());

const importOne = (login: unknown, onDuplicate: 'update' | 'skip' = 'update') =>
  pool.service.importOne({ authJson: login as Record<string, unknown>, onDuplicate });

test('a login becomes a usable account with what its claims say', async () => {
  const { action, account } = await importOne(authJson({ ...ANN, expiresAt: seconds(START_MS) + 3600 }));
  expect(action).toBe('created');
  expect(account).toMatchObject({
    email: 'ann@example.com',
    provider: 'openai',
    chatgptAccountId: 'acc-1',
    chatgptUserId: 'user-ann',
    planType: 'plus',
    status: 'active',
    reason: null,
    nextStep: null,
    hasAccessToken: true,
    hasRefreshToken: true,
    hasIdToken: true,
    accessTokenExpiresAtMs: START_MS + 3_600_000,
    lastRefreshAtMs: START_MS,
  });
  expect(pool.service.usable(START_MS)).toEqual([
    { id: account.accountId, chatgptAccountId: 'acc-1', planType: 'plus', loginEpoch: 1 },
  ]);
  expect(pool.events).toMatchObject([{ type: 'account_imported', accountId: account.accountId }]);
});

test('tokens are stored sealed only', async () => {
  const login = authJson(ANN);
  const { account } = await importOne(login);
  const stored = JSON.stringify(await pool.row(account.accountId));
  for (const token of Object.values(login.tokens)) if (token !== 'acc-1') expect(stored).not.toContain(token);
  expect(stored.match(/tightrope-token:v2:/g)).toHaveLength(3);
});

test('the text of a file is as good as its object', async () => {
  await pool.service.importOne({ authJson: JSON.stringify(authJson(ANN)) });
  expect(await importOne(authJson(ANN))).toMatchObject({ action: 'updated' });
  expect(pool.service.total()).toBe(1);
});

test('two seats of one workspace, and two workspaces of one e-mail, are accounts of their own', async () => {
  await importOne(authJson(ANN));
  await importOne(authJson({ ...ANN, userId: 'user-bob', email: 'bob@example.com' }));
  await importOne(authJson({ ...ANN, accountId: 'acc-2' }));
  expect(pool.service.usable(START_MS)).toHaveLength(3);
});

test('a newer login replaces the tokens and keeps what it does not tell', async () => {
  const { account } = await importOne(authJson({ ...ANN, issuedAt: seconds(START_MS) - 7200 }));
  const { tokens } = authJson({ accountId: 'acc-1', userId: 'user-ann', issuedAt: seconds(START_MS) - 60, serial: 2 });
  const renewed = await importOne({ tokens });
  expect(renewed).toMatchObject({
    action: 'updated',
    account: { accountId: account.accountId, email: ANN.email, planType: 'plus' },
  });
  await expect(pool.service.accessToken(account.accountId, new AbortController().signal)).resolves.toBe(
    tokens.access_token,
  );
  expect((await pool.row(account.accountId)).token_generation).toBe(2);
});

test('an older login is left out, with the reason', async () => {
  const current = authJson({ ...ANN, issuedAt: seconds(START_MS) - 60, serial: 2 });
  const { account } = await importOne(current);
  const older = authJson({ ...ANN, issuedAt: seconds(START_MS) - 7200, serial: 1 });
  expect(await importOne(older)).toMatchObject({ action: 'skipped', error: { code: 'older_login' } });
  await expect(pool.service.accessToken(account.accountId, new AbortController().signal)).resolves.toBe(
    current.tokens.access_token,
  );
});

test('of files with opaque tokens the last refresh tells which is older', async () => {
  const opaque = (serial: number, last_refresh: string) => ({
    tokens: { ...authJson(ANN).tokens, access_token: `opaque-${serial}`, refresh_token: `rt-${serial}` },
    last_refresh,
  });
  await importOne(opaque(2, '2026-05-20T00:00:00Z'));
  expect(await importOne(opaque(1, '2026-05-10T00:00:00Z'))).toMatchObject({ action: 'skipped' });
  expect(await importOne(opaque(3, '2026-05-30T00:00:00Z'))).toMatchObject({ action: 'updated' });
});

test('a refresh time in the future does not make later logins look old', async () => {
  await importOne({
    tokens: { access_token: 'a1', refresh_token: 'r1', account_id: 'acc-9' },
    last_refresh: '2099-01-01T00:00:00Z',
  });
  pool.clock.nowMs += 60_000;
  const later = {
    tokens: { access_token: 'a2', refresh_token: 'r2', account_id: 'acc-9' },
    last_refresh: '2026-06-01T00:00:30Z',
  };
  expect(await importOne(later)).toMatchObject({ action: 'updated' });
});

test('onDuplicate skip leaves the account as it is', async () => {
  const { account } = await importOne(authJson(ANN));
  expect(await importOne(authJson({ ...ANN, planType: 'pro', serial: 9 }), 'skip')).toMatchObject({
    action: 'skipped',
    error: { code: 'already_imported' },
    account: { accountId: account.accountId, planType: 'plus' },
  });
});

test('the same refresh token never makes two accounts, even when the file names nobody', async () => {
  const { account } = await importOne(authJson(ANN, { refreshToken: 'rt-shared' }));
  const nameless = { access_token: 'opaque', refresh_token: 'rt-shared' };
  expect(await importOne(nameless)).toMatchObject({ action: 'updated', account: { accountId: account.accountId } });
});

test('the same login again leaves the stored tokens alone', async () => {
  const login = authJson(ANN);
  const { account } = await importOne(login);
  const before = await pool.row(account.accountId);
  expect(await importOne(login)).toMatchObject({ action: 'updated' });
  const after = await pool.row(account.accountId);
  expect(after).toMatchObject({
    token_generation: before.token_generation,
    refresh_token_encrypted: before.refresh_token_encrypted,
  });
});

test.each([
  ['reauth_required', 'active'],
  ['deactivated', 'active'],
  ['paused', 'paused'],
  ['rate_limited', 'rate_limited'],
])('a new login makes a %s account %s', async (before, after) => {
  const { account } = await importOne(authJson(ANN));
  const { accountId } = account;
  if (before === 'paused') await pool.service.pause(accountId);
  else {
    const kind = before === 'rate_limited' ? 'limited' : before === 'deactivated' ? 'deactivated' : 'reauth_required';
    pool.service.report(accountId, { kind, code: 'code', message: 'why', untilMs: START_MS + 60_000 });
  }
  expect((await pool.service.get(accountId)).status).toBe(before);
  await importOne(authJson({ ...ANN, serial: 2 }));
  expect((await pool.service.get(accountId)).status).toBe(after);
  expect((await pool.row(accountId)).status).toBe(after);
});

test('an older login may revive a dead account, for it may be a session of its own', async () => {
  const { account } = await importOne(authJson({ ...ANN, issuedAt: seconds(START_MS) - 60, serial: 2 }));
  pool.service.report(account.accountId, { kind: 'reauth_required', code: 'x', message: '', untilMs: null });
  const older = authJson({ ...ANN, issuedAt: seconds(START_MS) - 7200, serial: 1 });
  expect(await importOne(older)).toMatchObject({ action: 'updated', account: { status: 'active' } });
});
