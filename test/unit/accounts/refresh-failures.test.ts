import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import { TokenEndpointError } from '../../../sidecar/oauth/token-endpoint-error';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, SCHEDULE, START_MS, type PoolFixture } from './pool-fixture';

const MINUTE = 60_000;
const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann' };
const login = (inMs: number, serial = 0) => authJson({ ...ANN, expiresAt: (START_MS + inMs) / 1000, serial });

let exchange: () => Promise<TokenGrant>;
let exchanges: number;
let pool: PoolFixture;

beforeEach(async () => {
  exchanges = 0;
  const refresh = (): Promise<TokenGrant> => {
    exchanges += 1;
    return exchange();
  };
  pool = await openPool({ endpoint: { refresh } });
});

afterEach(() => pool.close());

const refuse = (code: string, status: number | null = 400) => {
  exchange = () => Promise.reject(new TokenEndpointError(code, 'No.', { status }));
};
const grant = (serial: number) => {
  const access = accessToken({ ...ANN, expiresAt: START_MS / 1000 + 3600, serial });
  exchange = () => Promise.resolve({ accessToken: access, refreshToken: `rt-${serial}`, idToken: null });
  return access;
};

async function account(expiresInMs: number): Promise<{ id: string; token: string }> {
  const made = login(expiresInMs);
  const result = await pool.service.importOne({ authJson: made });
  return { id: result.account.accountId, token: made.tokens.access_token };
}

test.each([
  ['invalid_grant', 'reauth_required'],
  ['refresh_token_reused', 'reauth_required'],
  ['refresh_token_expired', 'reauth_required'],
  ['app_session_terminated', 'reauth_required'],
  ['token_expired', 'reauth_required'],
  ['account_deactivated', 'deactivated'],
  ['account_suspended', 'deactivated'],
])('%s takes the account out of the pool for good: %s', async (code, status) => {
  const { id, token } = await account(60 * MINUTE);
  refuse(code);
  await expect(pool.service.replaceToken(id, token, PATIENT)).rejects.toMatchObject({
    code: 'token_refresh_failed',
    details: { accountId: id, upstreamCode: code, upstreamStatus: 400, authRequired: true },
  });
  expect(pool.service.usable(START_MS)).toEqual([]);
  expect(await pool.service.get(id)).toMatchObject({
    status,
    reason: `${code}: No.`,
    nextStep: expect.stringMatching(/[Ss]ign in again/) as unknown,
    tokenRefreshNeedsAttention: true,
    tokenRefreshLastError: `${code}: No.`,
  });
  expect(pool.events.map(({ type }) => type)).toEqual(['account_imported', 'token_refresh_failed', 'account_unusable']);
  await expect(pool.service.accessToken(id, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(exchanges).toBe(1);
  await pool.service.close(1_000);
  expect(await pool.row(id)).toMatchObject({
    status,
    token_refresh_needs_attention: 1,
    token_refresh_next_due_at_ms: null,
  });
});

test('a passing failure leaves the account in the pool and is not repeated for some seconds', async () => {
  const { id, token } = await account(60 * MINUTE);
  refuse('http_503', 503);
  const attempt = () => pool.service.replaceToken(id, token, PATIENT);
  for (let n = 0; n < 5; n += 1) {
    await expect(attempt()).rejects.toMatchObject({ details: { upstreamCode: 'http_503', authRequired: false } });
  }
  expect(exchanges).toBe(1);
  expect(await pool.service.get(id)).toMatchObject({
    status: 'active',
    tokenRefreshNeedsAttention: false,
    tokenRefreshLastError: 'http_503: No.',
  });
  const { tokenRefreshNextDueAtMs: nextDueMs } = await pool.service.get(id);
  expect((nextDueMs ?? 0) - START_MS).toBeGreaterThanOrEqual(MINUTE);
  expect((nextDueMs ?? 0) - START_MS).toBeLessThanOrEqual(1.25 * MINUTE);
  pool.clock.nowMs += 7_000;
  const renewed = grant(1);
  await expect(attempt()).resolves.toBe(renewed);
  expect(await pool.service.get(id)).toMatchObject({ tokenRefreshLastError: null });
});

test('a refused token is not served again while its refresh is held back', async () => {
  const { id, token } = await account(60 * MINUTE);
  refuse('http_503', 503);
  await expect(pool.service.replaceToken(id, token, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  await expect(pool.service.accessToken(id, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  pool.clock.nowMs += 7_000;
  await expect(pool.service.accessToken(id, PATIENT)).resolves.toBe(token);
});

test('pauses grow with each failure and respect what the provider asks for', async () => {
  const { id, token } = await account(60 * MINUTE);
  const attempt = () => pool.service.replaceToken(id, token, PATIENT).catch(() => undefined);
  refuse('http_500', 500);
  await attempt();
  pool.clock.nowMs += 7_000;
  await attempt();
  pool.clock.nowMs += 7_000;
  await attempt();
  expect(exchanges).toBe(2);
  pool.clock.nowMs += 7_000;
  exchange = () => Promise.reject(new TokenEndpointError('http_429', 'Slow.', { status: 429, retryAfterMs: 120_000 }));
  await attempt();
  pool.clock.nowMs += 119_000;
  await attempt();
  expect(exchanges).toBe(3);
});

test('a token that is still good is served when its refresh ahead fails for a passing reason', async () => {
  const { id, token } = await account(4 * MINUTE);
  refuse('oauth_transport_failed', null);
  await expect(pool.service.accessToken(id, PATIENT)).resolves.toBe(token);
  await expect(pool.service.accessToken(id, PATIENT)).resolves.toBe(token);
  expect(exchanges).toBe(1);
});

test('an expired token is not', async () => {
  const { id } = await account(-1_000);
  refuse('oauth_transport_failed', null);
  await expect(pool.service.accessToken(id, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
});

test('a wrong client configuration is not the account’s fault', async () => {
  const { id, token } = await account(60 * MINUTE);
  refuse('invalid_client', 401);
  await expect(pool.service.replaceToken(id, token, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(await pool.service.get(id)).toMatchObject({
    status: 'active',
    tokenRefreshNeedsAttention: false,
    tokenRefreshNextDueAtMs: START_MS + SCHEDULE.failureRetryMs,
  });
  expect(pool.events.at(-1)).toMatchObject({
    type: 'token_refresh_failed',
    level: 'error',
    facts: { kind: 'configuration' },
  });
});

test('a refresh by hand ignores pauses, keeps a pause by hand and a limit, and revives a dead login', async () => {
  const { id, token } = await account(60 * MINUTE);
  refuse('http_503', 503);
  await pool.service.replaceToken(id, token, PATIENT).catch(() => undefined);
  grant(1);
  await expect(pool.service.refreshToken(id)).resolves.toMatchObject({ status: 'active' });
  pool.service.report(id, { kind: 'limited', code: 'x', message: '', untilMs: START_MS + MINUTE });
  grant(2);
  await expect(pool.service.refreshToken(id)).resolves.toMatchObject({ status: 'rate_limited' });
  await pool.service.pause(id);
  grant(3);
  await expect(pool.service.refreshToken(id)).resolves.toMatchObject({ status: 'paused' });
  await pool.service.reactivate(id);
  pool.service.report(id, { kind: 'deactivated', code: 'x', message: '', untilMs: null });
  grant(4);
  await expect(pool.service.refreshToken(id)).resolves.toMatchObject({ status: 'active', reason: null });
  expect(await pool.row(id)).toMatchObject({ status: 'active' });
});

test('a dead login that is paused stays paused and says that it needs attention', async () => {
  const { id } = await account(60 * MINUTE);
  await pool.service.pause(id);
  refuse('invalid_grant');
  await expect(pool.service.refreshToken(id)).rejects.toMatchObject({ code: 'token_refresh_failed', status: 502 });
  expect(await pool.service.get(id)).toMatchObject({ status: 'paused', tokenRefreshNeedsAttention: true });
});

test('a login imported while the old one is being refused is not blamed for it', async () => {
  const { id, token } = await account(60 * MINUTE);
  const fresh = login(90 * MINUTE, 7);
  exchange = async () => {
    await pool.service.importOne({ authJson: fresh });
    throw new TokenEndpointError('refresh_token_reused', 'No.', { status: 401 });
  };
  await expect(pool.service.replaceToken(id, token, PATIENT)).resolves.toBe(fresh.tokens.access_token);
  await pool.service.close(1_000);
  expect(await pool.row(id)).toMatchObject({ status: 'active', token_refresh_needs_attention: 0 });
});

test('an account removed during its refresh is gone', async () => {
  const { id, token } = await account(60 * MINUTE);
  exchange = async () => {
    await pool.service.remove(id);
    return { accessToken: 'new', refreshToken: 'rt', idToken: null };
  };
  await expect(pool.service.replaceToken(id, token, PATIENT)).rejects.toMatchObject({ code: 'account_not_found' });
  expect(pool.service.total()).toBe(0);
});
