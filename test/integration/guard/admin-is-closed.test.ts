/** Who may use the control plane (design §5, §11): the Host, the Origin, the token, and this machine only. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { rawExchange, targetOf } from '../harness/raw-exchange';
import { openStage, type Stage } from '../harness/stage';
import type { WholeAnswer } from '../harness/json-call';
import type { HttpCall } from '../harness/sse-client';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(() => stage.close());

const STOP = '/api/runtime/proxy/stop';
const LIST = '/api/accounts';
const send = (method: string, target: string, headers: HttpCall['headers'] = {}): Promise<WholeAnswer> =>
  stage.sidecar.call(target, { method, headers });

test('the token file is readable by its owner only', async () => {
  for (const name of ['admin-token', 'store.db']) {
    expect((await stat(path.join(stage.sidecar.dataFolder, name))).mode & 0o777).toBe(0o600);
  }
});

test.each(['evil.example', 'evil.example:2455', '127.0.0.1.evil.example', 'localhost.evil.example', 'user@127.0.0.1'])(
  'Host %j is refused on every family',
  async (host) => {
    for (const target of [LIST, '/v1/models', '/backend-api/codex/models']) {
      const answer = await send('GET', target, { host });
      expect(answer.status).toBe(421);
      expect(answer.json).toMatchObject({ error: { code: 'host_not_allowed' } });
    }
  },
);

test.each(['host: ', 'host: 127.0.0.1\r\nhost: evil.example'])('%j is refused', async (line) => {
  for (const target of [LIST, '/v1/models']) {
    const head = `GET ${target} HTTP/1.1\r\n${line}\r\nconnection: close\r\n\r\n`;
    expect(await rawExchange(targetOf(stage.sidecar.address), head)).toMatch(/^HTTP\/1\.1 4(00|21) /);
  }
});

test.each(['http://evil.example', 'https://127.0.0.1.evil.example', 'null', 'http://127.0.0.1:1'])(
  'Origin %s is 403, also with the token',
  async (origin) => {
    const authorization = `Bearer ${stage.sidecar.adminToken}`;
    for (const [method, target] of [
      ['POST', STOP],
      ['GET', LIST],
      ['POST', '/v1/responses'],
    ] as const) {
      const answer = await send(method, target, { origin, authorization });
      expect(answer.status).toBe(403);
      expect(answer.json).toMatchObject({ error: { code: 'origin_not_allowed' } });
    }
  },
);

test('the own page may change things, a script needs the token, everybody local may look', async () => {
  expect((await send('POST', '/api/runtime/proxy/start', { origin: stage.sidecar.address })).status).toBe(200);
  expect((await send('POST', STOP)).status).toBe(401);
  expect((await send('POST', STOP, { authorization: 'Bearer wrong' })).status).toBe(401);
  expect((await send('POST', STOP, { authorization: `Basic ${stage.sidecar.adminToken}` })).status).toBe(401);
  expect((await send('GET', LIST)).status).toBe(200);
  expect((await stage.sidecar.admin('POST', '/api/runtime/proxy/start')).status).toBe(200);
});

test.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'])(
  'a loopback request with %s is off the machine',
  async (name) => {
    const headers = { [name]: name === 'forwarded' ? 'for=127.0.0.1' : '127.0.0.1' };
    expect((await send('GET', LIST, headers)).status).toBe(401);
    expect((await send('GET', '/v1/models', headers)).status).toBe(401);
    expect((await send('GET', LIST, { ...headers, authorization: `Bearer ${stage.sidecar.adminToken}` })).status).toBe(
      200,
    );
  },
);

test('bodies must be declared as JSON', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const answer = await stage.sidecar.call('/api/accounts/import', {
      method: 'POST',
      headers: { 'content-type': type, authorization: `Bearer ${stage.sidecar.adminToken}` },
      body: '{"email":"x@example.test"}',
    });
    expect(answer.status).toBe(415);
    expect(answer.json).toMatchObject({ error: { code: 'unsupported_media_type' } });
  }
});

test('answers are private: no CORS, no caching, no sniffing', async () => {
  const answer = await send('GET', LIST);
  expect(answer.headers['cache-control']).toContain('no-store');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  expect(answer.headers['x-powered-by']).toBeUndefined();
  const preflight = await send('OPTIONS', LIST, {
    origin: 'http://evil.example',
    'access-control-request-method': 'POST',
  });
  expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('no answer of the account routes holds a token', async () => {
  const texts = [(await send('GET', LIST)).text, (await stage.sidecar.admin('GET', '/api/events')).text];
  for (const secret of [...stage.fake.secrets(), stage.sidecar.adminToken]) {
    for (const text of texts) expect(text.includes(secret)).toBe(false);
  }
});

test('health needs nothing and says nothing secret', async () => {
  const health = await send('GET', '/health');
  expect(health.json).toMatchObject({ status: 'ok', uptime_ms: expect.any(Number) as number });
});
