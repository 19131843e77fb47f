import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createProxyAgents } from '../../../sidecar/platform/proxy-agents';
import { createTokenEndpoint, type TokenEndpoint } from '../../../sidecar/oauth/token-endpoint';
import { answer, startTokenServer, type TokenAnswer, type TokenServer } from './token-server';

const NEVER = new AbortController().signal;
const agents = createProxyAgents({ httpsProxy: null, httpProxy: null, noProxy: null });
const endpointAt = (baseUrl: string, timeoutMs = 5_000): TokenEndpoint =>
  createTokenEndpoint({ baseUrl, clientId: 'app_test', timeoutMs, userAgent: 'tightrope/1.2.3', agents });

let respond: TokenAnswer;
let server: TokenServer;
let endpoint: TokenEndpoint;

beforeEach(async () => {
  server = await startTokenServer((call, response) => respond(call, response));
  endpoint = endpointAt(server.baseUrl);
});

afterEach(() => server.close());

test('asks as the provider wants to be asked', async () => {
  respond = (_call, response) => answer(response, 200, { access_token: 'new' });
  await endpoint.refresh('rt&=+ä', NEVER);
  expect(server.calls).toHaveLength(1);
  const [call] = server.calls;
  expect(call).toMatchObject({
    method: 'POST',
    path: '/oauth/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'tightrope/1.2.3',
    },
  });
  expect(Object.fromEntries(call?.form ?? [])).toEqual({
    grant_type: 'refresh_token',
    client_id: 'app_test',
    refresh_token: 'rt&=+ä',
  });
});

test.each([
  [
    { access_token: 'a', refresh_token: 'r', id_token: 'i', expires_in: 9 },
    { refreshToken: 'r', idToken: 'i' },
  ],
  [
    { access_token: 'a', refresh_token: '', id_token: null },
    { refreshToken: null, idToken: null },
  ],
  [{ access_token: 'a' }, { refreshToken: null, idToken: null }],
])('gives the tokens of %j', async (body, wanted) => {
  respond = (_call, response) => answer(response, 200, body);
  await expect(endpoint.refresh('rt', NEVER)).resolves.toEqual({ accessToken: 'a', ...wanted });
});

test.each([
  [{}],
  [{ access_token: '' }],
  [{ access_token: 7 }],
  [{ access_token: 'a b\r\nx: y' }],
  [{ access_token: 'a', refresh_token: 5 }],
  ['text'],
  [null],
])('an answer that is none is refused and not quoted: %j', async (body) => {
  respond = (_call, response) => answer(response, 200, body);
  const failure: unknown = await endpoint.refresh('rt', NEVER).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'invalid_response', status: 200 });
  expect(String(failure)).not.toContain('a b');
});

test('a page instead of JSON is refused', async () => {
  respond = (_call, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ code: 'invalid_response' });
  respond = (_call, response) => void response.writeHead(503).end('<html>');
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ code: 'http_503', status: 503 });
});

test('a refusal carries the provider’s code, words and wish to be left alone', async () => {
  const error = { message: 'Already used.', type: 'invalid_request_error', param: null, code: 'refresh_token_reused' };
  respond = (_call, response) => answer(response, 401, { error }, { 'retry-after': '7' });
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({
    code: 'refresh_token_reused',
    message: 'Already used.',
    status: 401,
    retryAfterMs: 7_000,
  });
});

test.each([
  [400, false],
  [401, false],
  [429, false],
  [500, false],
  [502, true],
  [503, false],
  [504, true],
  [524, true],
])('a %i leaves open whether the token is spent: %s', async (status, mayBeSpent) => {
  respond = (_call, response) => answer(response, status, {});
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ status, mayBeSpent });
});

test('an answer that is lost or not usable leaves it open as well', async () => {
  const lost = {
    code: 'oauth_transport_failed',
    message: expect.stringContaining('did not answer') as unknown,
    mayBeSpent: true,
  };
  respond = (_call, response) => void response.destroy();
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject(lost);
  respond = (_call, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('{"access_token":"a');
    response.destroy();
  };
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject(lost);
  respond = () => undefined;
  await expect(endpointAt(server.baseUrl, 50).refresh('rt', NEVER)).rejects.toMatchObject(lost);
  respond = (_call, response) => answer(response, 200, {});
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ code: 'invalid_response', mayBeSpent: true });
});

test('a provider that is never reached cannot have spent the token', async () => {
  const unreached = { message: expect.stringContaining('could not be reached') as unknown, mayBeSpent: false };
  const { port } = new URL(server.baseUrl);
  await expect(endpointAt(`https://127.0.0.1:${port}`).refresh('rt', NEVER)).rejects.toMatchObject(unreached);
  await expect(endpointAt('http://nobody.invalid').refresh('rt', NEVER)).rejects.toMatchObject(unreached);
  await server.close();
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject(unreached);
  server = await startTokenServer((call, response) => respond(call, response));
});

test('never follows a redirect and never asks twice', async () => {
  respond = (_call, response) => void response.writeHead(307, { location: `${server.baseUrl}/elsewhere` }).end();
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ code: 'http_307' });
  respond = (_call, response) => answer(response, 500, {});
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({ code: 'http_500' });
  expect(server.calls.map(({ path }) => path)).toEqual(['/oauth/token', '/oauth/token']);
});

test('stops reading an answer that has no end', async () => {
  let sent = 0;
  respond = (_call, response) => {
    const more = (): void => {
      while (!response.destroyed) {
        sent += 65_536;
        if (!response.write('x'.repeat(65_536))) break;
      }
    };
    response.on('drain', more);
    more();
  };
  await expect(endpoint.refresh('rt', NEVER)).rejects.toMatchObject({
    code: 'invalid_response',
    message: 'The token endpoint sent more than 1048576 bytes.',
  });
  expect(sent).toBeLessThan(32 * 1_048_576);
});

test('gives up on a silent provider, and when told to', async () => {
  respond = () => undefined;
  await expect(endpointAt(server.baseUrl, 50).refresh('rt', NEVER)).rejects.toMatchObject({
    code: 'oauth_transport_failed',
    status: null,
  });
  const leave = new AbortController();
  respond = () => leave.abort();
  await expect(endpoint.refresh('rt', leave.signal)).rejects.toMatchObject({ code: 'oauth_transport_failed' });
});

test('an error holds neither token nor request', async () => {
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const failure: unknown = await endpointAt(`http://127.0.0.1:${port}`)
    .refresh('S3CRET', NEVER)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'oauth_transport_failed' });
  expect(String(failure)).toMatch(/ECONNREFUSED/);
  expect(Object.keys(failure as object).sort()).toEqual(['code', 'mayBeSpent', 'name', 'retryAfterMs', 'status']);
});
