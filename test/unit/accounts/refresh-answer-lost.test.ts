import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import { TokenEndpointError } from '../../../sidecar/oauth/token-endpoint-error';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann' };
const ENDS_MS = START_MS + 9 * DAY;
const LOGIN = authJson({ ...ANN, expiresAt: ENDS_MS / 1000 }, { refreshToken: 'rt-first' });
const RENEWED = accessToken({ ...ANN, expiresAt: ENDS_MS / 1000 + 86_400, serial: 1 });

let presented: string[];
let answers: (() => Promise<TokenGrant>)[];
let pool: PoolFixture;
let id: string;

const lost = () => Promise.reject(new TokenEndpointError('oauth_transport_failed', 'ECONNRESET', { mayBeSpent: true }));
const granted = () => Promise.resolve({ accessToken: RENEWED, refreshToken: 'rt-1', idToken: null });

beforeEach(async () => {
  presented = [];
  answers = [lost, granted];
  const refresh = (refreshToken: string): Promise<TokenGrant> => {
    presented.push(refreshToken);
    return (answers.shift() ?? granted)();
  };
  pool = await openPool({ endpoint: { refresh } });
  id = (await pool.service.importOne({ authJson: LOGIN })).account.accountId;
});

afterEach(() => pool.close());

test('a token that may be spent is left alone while the access token serves, by every sweep and after a restart', async () => {
  pool.clock.nowMs += DAY / 2;
  await pool.service.sweepLogins('startup', PATIENT);
  expect(await pool.service.get(id)).toMatchObject({
    status: 'active',
    tokenRefreshLastError: 'oauth_transport_failed: ECONNRESET',
    tokenRefreshNextDueAtMs: ENDS_MS - 5 * MINUTE,
  });
  for (let day = 0; day < 8; day += 1) {
    pool.clock.nowMs += DAY;
    await pool.service.sweepLogins('periodic', PATIENT);
  }
  await pool.service.close(50);
  const next = await pool.reopen();
  await next.sweepLogins('startup', PATIENT);
  expect(presented).toEqual(['rt-first']);
  pool.clock.nowMs = ENDS_MS - 5 * MINUTE;
  await next.sweepLogins('periodic', PATIENT);
  expect(presented).toEqual(['rt-first', 'rt-first']);
  await expect(next.accessToken(id, PATIENT)).resolves.toBe(RENEWED);
});

test('one whose access token was refused has nothing to lose and is tried again after a pause', async () => {
  const replace = () => pool.service.replaceToken(id, LOGIN.tokens.access_token, PATIENT);
  await expect(replace()).rejects.toMatchObject({ code: 'token_refresh_failed' });
  const { tokenRefreshNextDueAtMs: nextDueMs } = await pool.service.get(id);
  expect(nextDueMs).toBeLessThanOrEqual(START_MS + 1.25 * MINUTE);
  pool.clock.nowMs += 7_000;
  await expect(replace()).resolves.toBe(RENEWED);
});
