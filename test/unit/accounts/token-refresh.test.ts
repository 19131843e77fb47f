import { createProxyAgents } from '../../../sidecar/platform/proxy-agents';
import { createTokenEndpoint } from '../../../sidecar/oauth/token-endpoint';
import { answer, rotatingTokens, startTokenServer, type TokenAnswer, type TokenServer } from '../oauth/token-server';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const MINUTE = 60_000;
const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann', planType: 'plus' };
const expiring = (inMs: number) => ({ ...ANN, expiresAt: (START_MS + inMs) / 1000 });
/** The n-th login that the provider gives out: good for an hour. */
const issued = (serial: number) => ({
  access_token: accessToken({ ...expiring(60 * MINUTE), serial, planType: 'pro' }),
  refresh_token: `rt-next-${serial}`,
});

let respond: TokenAnswer;
let server: TokenServer;
let pool: PoolFixture;

beforeEach(async () => {
  server = await startTokenServer((call, response) => respond(call, response));
  const agents = createProxyAgents({ httpsProxy: null, httpProxy: null, noProxy: null });
  const options = { baseUrl: server.baseUrl, clientId: 'c', timeoutMs: 5_000, userAgent: 't', agents };
  pool = await openPool({ endpoint: createTokenEndpoint(options) });
});

afterEach(async () => {
  await pool.close();
  await server.close();
});

async function account(expiresInMs: number): Promise<{ id: string; token: string }> {
  const login = authJson(expiring(expiresInMs));
  const { account: made } = await pool.service.importOne({ authJson: login });
  return { id: made.accountId, token: login.tokens.access_token };
}

test('a token with more than five minutes to live is served without asking anybody', async () => {
  const { id, token } = await account(5 * MINUTE + 1_000);
  await expect(pool.service.accessToken(id, PATIENT)).resolves.toBe(token);
  expect(server.calls).toEqual([]);
});

test('200 askers of an ageing token cause one exchange and get the same new token', async () => {
  const { respond: rotate, counts } = rotatingTokens(issued);
  respond = rotate;
  const { id } = await account(4 * MINUTE);
  const tokens = await Promise.all(Array.from({ length: 200 }, () => pool.service.accessToken(id, PATIENT)));
  expect(new Set(tokens)).toEqual(new Set([issued(1).access_token]));
  expect(counts).toEqual({ issued: 1, reused: 0 });
});

test('200 turns whose token was refused cause one exchange', async () => {
  const { respond: rotate, counts } = rotatingTokens(issued);
  respond = rotate;
  const { id, token } = await account(60 * MINUTE);
  const tokens = await Promise.all(Array.from({ length: 200 }, () => pool.service.replaceToken(id, token, PATIENT)));
  expect(new Set(tokens)).toEqual(new Set([issued(1).access_token]));
  expect(counts).toEqual({ issued: 1, reused: 0 });
});

test('a turn that comes late with the old token gets the new one without an exchange', async () => {
  const { respond: rotate, counts } = rotatingTokens(issued);
  respond = rotate;
  const { id, token } = await account(60 * MINUTE);
  await pool.service.replaceToken(id, token, PATIENT);
  await expect(pool.service.replaceToken(id, token, PATIENT)).resolves.toBe(issued(1).access_token);
  expect(counts.issued).toBe(1);
});

test('many rounds of many askers never spend a token twice', async () => {
  const { respond: rotate, counts } = rotatingTokens(issued);
  respond = rotate;
  const { id, token } = await account(60 * MINUTE);
  let rejected = token;
  for (let round = 1; round <= 10; round += 1) {
    const manual = pool.service.refreshToken(id);
    const [next = ''] = await Promise.all(
      Array.from({ length: 20 }, () => pool.service.replaceToken(id, rejected, PATIENT)),
    );
    await manual;
    expect(next).not.toBe(rejected);
    rejected = next;
  }
  expect(counts).toEqual({ issued: 10, reused: 0 });
});

test('a refreshed login tells its new plan, is noted on the account and announced', async () => {
  respond = rotatingTokens(issued).respond;
  const { id } = await account(0);
  await pool.service.accessToken(id, PATIENT);
  expect(await pool.service.get(id)).toMatchObject({
    planType: 'pro',
    accessTokenExpiresAtMs: START_MS + 60 * MINUTE,
    tokenRefreshLastSuccessAtMs: START_MS,
    tokenRefreshNextDueAtMs: START_MS + 86_400_000,
    lastRefreshAtMs: START_MS,
    hasIdToken: true,
  });
  expect(pool.events.map(({ type }) => type)).toEqual(['account_imported', 'token_refreshed']);
});

test('a provider that keeps silent about the refresh token leaves it valid', async () => {
  respond = (_call, response) => answer(response, 200, { access_token: issued(server.calls.length).access_token });
  const { id, token } = await account(60 * MINUTE);
  const next = await pool.service.replaceToken(id, token, PATIENT);
  await pool.service.replaceToken(id, next, PATIENT);
  expect(server.calls.map(({ form }) => form.get('refresh_token'))).toEqual(Array(2).fill('rt-user-ann-0'));
});

test('an asker who leaves does not end the exchange for the others', async () => {
  const leave = new AbortController();
  const { respond: rotate } = rotatingTokens(issued);
  respond = (call, response) => {
    leave.abort(new Error('client went away'));
    return rotate(call, response);
  };
  const { id } = await account(0);
  const [left, stayed] = await Promise.allSettled([
    pool.service.accessToken(id, leave.signal),
    pool.service.accessToken(id, PATIENT),
  ]);
  expect(left).toMatchObject({ status: 'rejected' });
  expect(stayed).toEqual({ status: 'fulfilled', value: issued(1).access_token });
});

test('a provider that gives the refused token again is told apart from a success', async () => {
  const { id, token } = await account(60 * MINUTE);
  respond = (_call, response) => answer(response, 200, { access_token: token });
  await expect(pool.service.replaceToken(id, token, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
});

test('an account that is not there has no token', async () => {
  await expect(pool.service.accessToken('nobody', PATIENT)).rejects.toMatchObject({ code: 'account_not_found' });
});

test('a login without refresh token serves until it ends and cannot be refreshed by hand', async () => {
  const { id } = await account(60 * MINUTE);
  await pool.database.write.transaction(async (trx) => {
    await trx('accounts').where('id', id).update({ refresh_token_encrypted: null });
  });
  const service = await pool.reopen();
  pool.clock.nowMs += 58 * MINUTE;
  await expect(service.accessToken(id, PATIENT)).resolves.toEqual(expect.any(String));
  await expect(service.refreshToken(id)).rejects.toMatchObject({ code: 'account_token_refresh_unavailable' });
  pool.clock.nowMs += 2 * MINUTE;
  await expect(service.accessToken(id, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
});
