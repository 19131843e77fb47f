import { pollState, requestDeviceCode } from '../../../sidecar/oauth/device-grant';
import { createProxyAgents } from '../../../sidecar/platform/proxy-agents';
import { answer, startTokenServer, type TokenAnswer, type TokenServer } from './token-server';

const NEVER = new AbortController().signal;
let respond: TokenAnswer;
let server: TokenServer;

beforeEach(async () => {
  server = await startTokenServer((call, response) => respond(call, response));
});
afterEach(() => server.close());

const ask = () =>
  requestDeviceCode(
    {
      baseUrl: server.baseUrl,
      clientId: 'app_test',
      timeoutMs: 5_000,
      userAgent: 'tightrope/test',
      agents: createProxyAgents({ httpsProxy: null, httpProxy: null, noProxy: null }),
      scope: 'openid',
      originator: 'test',
    },
    NEVER,
  );

test.each([
  ['7', 7_000],
  [9, 9_000],
  ['', 5_000],
  [0, 5_000],
  ['0.01', 1_000],
  [86_400, 60_000],
  [undefined, 5_000],
  ['soon', 5_000],
])('an interval of %j is %d ms', async (interval, intervalMs) => {
  respond = (_call, response) => answer(response, 200, { device_auth_id: 'd', usercode: 'AB-CD', interval });
  await expect(ask()).resolves.toMatchObject({ deviceAuthId: 'd', userCode: 'AB-CD', intervalMs, lifetimeMs: 900_000 });
});

test.each([
  [404, {}, 'device_auth_unavailable'],
  [500, { error: 'server_error' }, 'server_error'],
  [200, { user_code: 'AB' }, 'invalid_response'],
  [200, { device_auth_id: 'd', user_code: 'a b' }, 'invalid_response'],
])('%d %j is %s', async (status, body, code) => {
  respond = (_call, response) => answer(response, status, body);
  await expect(ask()).rejects.toMatchObject({ code });
});

test.each([
  [403, { error: { code: 'deviceauth_authorization_unknown' } }, 'pending'],
  [404, {}, 'pending'],
  [400, { error: 'authorization_pending' }, 'pending'],
  [400, { error: 'slow_down' }, 'slow_down'],
  [200, { status: 'pending' }, 'pending'],
  [429, undefined, 'slow_down'],
  [502, undefined, 'pending'],
  [403, { error: 'access_denied' }, 'refused'],
  [400, { error: { code: 'expired_token' } }, 'refused'],
  [400, { error: 'invalid_client' }, 'refused'],
  [200, { authorization_code: 'c', code_verifier: 'v' }, 'agreed'],
])('a poll answered with %d %j is %s', (status, body, state) => {
  expect(pollState({ status, retryAfter: undefined, body })).toBe(state);
});
