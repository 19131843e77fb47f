import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import { TokenEndpointError } from '../../../sidecar/oauth/token-endpoint-error';
import { createOffCluster } from '../../../sidecar/cluster/off';
import { untilAborted } from '../../../sidecar/accounts/single-flight';
import type { AccountsService } from '../../../sidecar/accounts/accounts-service';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const HOUR = 3_600_000;
const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann' };
const ENDS_MS = START_MS + 24 * HOUR;
const LOGIN = authJson({ ...ANN, expiresAt: ENDS_MS / 1000 }, { refreshToken: 'rt-first' });
const TOKEN = LOGIN.tokens.access_token;

let presented: string[];
let answer: () => Promise<TokenGrant>;
let arrived: Promise<void>;
let pool: PoolFixture;
let id: string;

beforeEach(async () => {
  presented = [];
  let arrive: () => void = () => undefined;
  arrived = new Promise((resolve) => {
    arrive = resolve;
  });
  answer = () => new Promise(() => undefined);
  const refresh = (refreshToken: string, signal: AbortSignal): Promise<TokenGrant> => {
    presented.push(refreshToken);
    arrive();
    return untilAborted(answer(), signal);
  };
  pool = await openPool({ endpoint: { refresh } });
  id = (await pool.service.importOne({ authJson: LOGIN })).account.accountId;
});

afterEach(() => pool.close());

/** The next process: nothing of the last one's memory is left, its right to refresh included. */
const restart = (): Promise<AccountsService> => pool.reopen({ cluster: createOffCluster('node-1') });

/** A process presents the token and dies before it hears of it. */
async function dieWhilePresenting(): Promise<void> {
  const dying = await restart();
  void dying.refreshToken(id).catch(() => undefined);
  await arrived;
}

async function diesWhilePresenting(): Promise<AccountsService> {
  await dieWhilePresenting();
  return restart();
}

const grant = (serial: number): string => {
  const token = accessToken({ ...ANN, expiresAt: ENDS_MS / 1000 + 3600, serial });
  answer = () => Promise.resolve({ accessToken: token, refreshToken: `rt-${serial}`, idToken: null });
  return token;
};

test('the account goes on with its access token and says what is wrong and until when it can be mended', async () => {
  const service = await diesWhilePresenting();
  await expect(service.accessToken(id, PATIENT)).resolves.toBe(TOKEN);
  expect(service.usable(START_MS)).toHaveLength(1);
  expect(await service.get(id)).toMatchObject({
    status: 'active',
    reason: null,
    nextStep: expect.stringMatching(/^Sign in again.* before 2026-06-02T00:00:00.000Z/) as unknown,
    tokenRefreshNeedsAttention: true,
    tokenRefreshLastError: expect.stringMatching(/^refresh_interrupted: Tightrope ended at 2026-06-01T00/) as unknown,
    tokenRefreshNextDueAtMs: null,
  });
  expect(pool.events.at(-1)).toMatchObject({ type: 'token_refresh_failed', level: 'warn', accountId: id });
});

test('neither turns, sweeps, people nor restarts present the token again', async () => {
  const service = await diesWhilePresenting();
  pool.clock.nowMs = ENDS_MS - 60_000;
  await expect(service.accessToken(id, PATIENT)).resolves.toBe(TOKEN);
  await service.sweepLogins('startup', PATIENT);
  await service.sweepLogins('periodic', PATIENT);
  await expect(service.refreshToken(id)).rejects.toMatchObject({
    code: 'token_refresh_failed',
    details: { upstreamCode: 'refresh_interrupted', authRequired: true },
  });
  const next = await restart();
  await next.sweepLogins('startup', PATIENT);
  expect(presented).toEqual(['rt-first']);
  expect(await next.get(id)).toMatchObject({ status: 'active', tokenRefreshNeedsAttention: true });
});

test.each([
  ['a turn finds its access token ended', (service: AccountsService) => service.accessToken(id, PATIENT)],
  ['a sweep finds its access token ended', (service: AccountsService) => service.sweepLogins('periodic', PATIENT)],
])('it needs a new login as soon as %s', async (_when, look) => {
  const service = await diesWhilePresenting();
  pool.clock.nowMs = ENDS_MS;
  await look(service).catch(() => undefined);
  expect(await service.get(id)).toMatchObject({
    status: 'reauth_required',
    reason: expect.stringContaining('refresh_interrupted') as unknown,
    nextStep: 'Sign in again, or import a fresh auth.json of this account.',
  });
  expect(pool.events.at(-1)).toMatchObject({ type: 'account_unusable', level: 'error' });
  expect(presented).toEqual(['rt-first']);
});

test('it needs a new login at once when upstream refuses its access token', async () => {
  const service = await diesWhilePresenting();
  await expect(service.replaceToken(id, TOKEN, PATIENT)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(service.usable(START_MS)).toEqual([]);
  expect(await service.get(id)).toMatchObject({ status: 'reauth_required' });
});

test('a start that finds its access token ended says so without waiting for a turn', async () => {
  await dieWhilePresenting();
  pool.clock.nowMs = ENDS_MS;
  const service = await restart();
  expect(await service.get(id)).toMatchObject({ status: 'reauth_required' });
  await service.close(100);
  expect(await pool.row(id)).toMatchObject({ status: 'reauth_required', token_refresh_needs_attention: 1 });
});

test('a new login ends the doubt', async () => {
  const service = await diesWhilePresenting();
  pool.clock.nowMs = ENDS_MS;
  await service.sweepLogins('periodic', PATIENT);
  const fresh = authJson({ ...ANN, expiresAt: ENDS_MS / 1000 + 3600, serial: 1 }, { refreshToken: 'rt-fresh' });
  await service.importOne({ authJson: fresh });
  expect(await service.get(id)).toMatchObject({ status: 'active', nextStep: null, tokenRefreshNeedsAttention: false });
  const renewed = grant(2);
  await expect(service.replaceToken(id, fresh.tokens.access_token, PATIENT)).resolves.toBe(renewed);
  expect(presented).toEqual(['rt-first', 'rt-fresh']);
});

test('the same login imported again stays in doubt', async () => {
  const service = await diesWhilePresenting();
  await service.importOne({ authJson: LOGIN });
  await expect(service.refreshToken(id)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(await service.get(id)).toMatchObject({ tokenRefreshNeedsAttention: true });
  expect(presented).toEqual(['rt-first']);
});

test('an exchange that the stop cuts off leaves the same doubt', async () => {
  const service = await restart();
  const asked = service.refreshToken(id).catch(() => undefined);
  await arrived;
  await service.close(20);
  await asked;
  const next = await restart();
  await expect(next.refreshToken(id)).rejects.toMatchObject({ details: { upstreamCode: 'refresh_interrupted' } });
  expect(presented).toEqual(['rt-first']);
});

test('a paused account stays paused, also once its token has ended', async () => {
  const service = await diesWhilePresenting();
  await service.pause(id);
  pool.clock.nowMs = ENDS_MS;
  await service.sweepLogins('periodic', PATIENT);
  expect(await service.get(id)).toMatchObject({
    status: 'paused',
    nextStep: expect.stringMatching(/^Sign in again.*then reactivate it/) as unknown,
  });
});

test.each([
  ['refused', new TokenEndpointError('http_503', 'No.', { status: 503 })],
  ['never reached', new TokenEndpointError('oauth_transport_failed', 'ECONNREFUSED')],
  ['lost on its way', new TokenEndpointError('oauth_transport_failed', 'ECONNRESET', { mayBeSpent: true })],
])('an exchange that this process has seen end, %s, leaves no doubt to the next', async (_how, error) => {
  answer = () => Promise.reject(error);
  await expect(pool.service.refreshToken(id)).rejects.toMatchObject({ code: 'token_refresh_failed' });
  await pool.service.close(100);
  expect(await pool.row(id)).toMatchObject({ token_refresh_intent_hash: null, token_refresh_intent_at_ms: null });
  const renewed = grant(1);
  const next = await restart();
  await next.refreshToken(id);
  await expect(next.accessToken(id, PATIENT)).resolves.toBe(renewed);
});
