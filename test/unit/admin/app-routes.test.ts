import { Router } from 'express';
import { TightropeError } from '../../../sidecar/platform/errors';
import { codeOf, runApp, TOKEN, type RunningApp } from './running-app';

let app: RunningApp;

beforeAll(async () => {
  const first = Router();
  first.get('/things', (_request, response) => void response.json([]));
  first.post('/things', (_request, response) => void response.json({}));
  first.get('/things/:id', (request, response) => void response.json({ id: request.params.id, query: request.query }));
  first.delete('/things/:id', (_request, response) => void response.json({}));
  const second = Router();
  second.put('/things/:id/name', (_request, response) => void response.json({}));
  second.get('/broken', () => {
    throw new Error('secret internals at /root/code.ts');
  });
  second.get('/rejected', async () => {
    throw new TightropeError('conflict', { message: 'Changed.', param: 'name', details: { version: 7 } });
  });
  second.get('/models', () => {
    throw new TightropeError('internal_error', { cause: new Error('hidden') });
  });
  second.get('/torn', (_request, response) => {
    response.write('{"half":');
    throw new Error('torn');
  });
  app = await runApp([first, second]);
});

afterAll(() => app.close());
beforeEach(() => app.logger.lines.splice(0));

const AUTH = ['Authorization', `Bearer ${TOKEN}`];

test.each(['/api', '/api/', '/api/nothing', '/api/things/1/2/3', '/nothing', '/v1/nothing'])(
  '%s is 404',
  async (path) => {
    const answer = await app.ask({ path, headers: AUTH });
    expect([answer.status, answer.json]).toEqual([404, { error: { code: 'not_found', message: 'Route not found.' } }]);
  },
);

test.each([
  ['PUT', '/api/things', 'GET, HEAD, POST'],
  ['DELETE', '/api/things/', 'GET, HEAD, POST'],
  ['PATCH', '/api/things/5', 'DELETE, GET, HEAD'],
  ['GET', '/API/Things/5/Name', 'PUT'],
  ['TRACE', '/api/things', 'GET, HEAD, POST'],
  ['POST', '/health', 'GET, HEAD'],
])('%s %s is 405 with Allow: %s', async (method, path, allow) => {
  const answer = await app.ask({ method, path, headers: AUTH });
  expect([answer.status, codeOf(answer), answer.headers.allow]).toEqual([405, 'method_not_allowed', allow]);
});

test('OPTIONS tells the methods of a known path', async () => {
  const answer = await app.ask({ method: 'OPTIONS', path: '/api/things/5', headers: AUTH });
  expect([answer.status, answer.headers.allow, answer.text]).toEqual([204, 'DELETE, GET, HEAD', '']);
  expect((await app.ask({ method: 'OPTIONS', path: '/api/nothing', headers: AUTH })).status).toBe(404);
});

test('HEAD answers like GET without a body, trailing slashes do not matter', async () => {
  expect((await app.ask({ method: 'HEAD', path: '/api/things' })).status).toBe(200);
  expect((await app.ask({ path: '/api/things/' })).status).toBe(200);
});

test.each(['/api/things/%', '/api/things/%zz', '/api/things/%ff', '/api/things?x=%', '/%c0%af', '/health?%'])(
  '%s is encoded badly: 400',
  async (path) => {
    const answer = await app.ask({ path });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
  },
);

test('an absolute request target is refused: this is no forward proxy', async () => {
  const answer = await app.ask({ path: 'http://evil.example/api/things' });
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
});

test('parameters are decoded, a plus sign is none', async () => {
  expect((await app.ask({ path: '/api/things/a%2Fb+c' })).json).toMatchObject({ id: 'a/b+c' });
});

test('queries are flat text', async () => {
  const { json } = await app.ask({ path: '/api/things/1?a[b]=1&__proto__[x]=1&c=1&c=2' });
  expect(json).toEqual({ id: '1', query: { 'a[b]': '1', '__proto__[x]': '1', c: ['1', '2'] } });
});

test('an error of a service keeps its code, field and details', async () => {
  const answer = await app.ask({ path: '/api/rejected' });
  expect(answer.status).toBe(409);
  expect(answer.json).toEqual({ error: { code: 'conflict', message: 'Changed.', field: 'name', version: 7 } });
  expect(app.logger.lines).toEqual([]);
});

test('an unknown error shows nothing and is logged once with the request id', async () => {
  const answer = await app.ask({ path: '/api/broken?key=secret', headers: ['X-Request-Id', 'mine-1'] });
  expect(answer.status).toBe(500);
  expect(answer.json).toEqual({ error: { code: 'internal_error', message: 'Something went wrong inside Tightrope.' } });
  expect(app.logger.lines).toHaveLength(1);
  expect(app.logger.lines[0]).toMatchObject({
    level: 'error',
    event: 'admin_request_failed',
    facts: { requestId: 'mine-1', method: 'GET', path: '/api/broken' },
  });
});

test('/api/models answers errors in the OpenAI envelope', async () => {
  const failed = await app.ask({ path: '/api/models' });
  expect(failed.json).toEqual({
    error: { message: 'Something went wrong inside Tightrope.', type: 'server_error', code: 'internal_error' },
  });
  const refused = await app.ask({ path: '/api/models/', headers: ['Host', 'evil.example'] });
  expect(refused.json).toMatchObject({ error: { code: 'host_not_allowed', type: 'access_error' } });
});

test('an error after the first byte breaks the connection', async () => {
  await expect(app.ask({ path: '/api/torn' })).rejects.toThrow(/aborted|socket hang up/);
});

describe('request ids', () => {
  const idFor = async (headers: string[]) => (await app.ask({ path: '/api/things', headers })).headers['x-request-id'];

  test('the caller’s own is echoed', async () => {
    expect(await idFor(['X-Request-Id', ' abc-1 '])).toBe('abc-1');
    expect(await idFor(['Request-Id', 'abc-2'])).toBe('abc-2');
    expect(await idFor(['Request-Id', 'abc-2', 'X-Request-Id', 'abc-3'])).toBe('abc-3');
  });

  test.each([[[]], [['X-Request-Id', 'has blank']], [['X-Request-Id', 'x'.repeat(129)]], [['X-Request-Id', 'ü']]])(
    'an absent or unusable one (%j) is replaced',
    async (headers) => {
      expect(await idFor(headers)).toMatch(/^made-\d+$/);
    },
  );

  test('refusals carry it too', async () => {
    const answer = await app.ask({ path: '/api/x', headers: ['Host', 'evil.example', 'X-Request-Id', 'abc-4'] });
    expect(answer.headers['x-request-id']).toBe('abc-4');
  });
});

test('every answer carries the security headers, and no hint of what serves it', async () => {
  for (const path of ['/health', '/api/things', '/api/nothing', '/nothing']) {
    const { headers } = await app.ask({ path });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  }
  const { headers } = await app.ask({ path: '/api/things' });
  expect(headers['cache-control']).toBe('no-store');
  expect(headers).not.toHaveProperty('etag');
});

test('health says which process this is', async () => {
  const answer = await app.ask({ path: '/health' });
  expect(answer.json).toEqual({ status: 'ok', uptime_ms: 5, instanceId: 'instance', version: '0.0.0' });
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'cross-origin-resource-policy': 'cross-origin' });
});
