import { Router } from 'express';
import { codeOf, guardRules, runApp, TOKEN, type RunningApp } from './running-app';

let app: RunningApp;
const done: string[] = [];

beforeAll(async () => {
  const router = Router();
  router.get('/things', (_request, response) => void response.json({ things: [] }));
  router.get('/models', (_request, response) => void response.json({ models: [] }));
  router.post('/things', (_request, response) => {
    done.push('made');
    response.status(201).json({});
  });
  app = await runApp([router], { rules: guardRules({ allowedHosts: ['box.lan'] }) });
});

beforeEach(() => done.splice(0));
afterAll(() => app.close());

const bearer = ['Authorization', `Bearer ${TOKEN}`];

test('a local script reads without a token and writes with it', async () => {
  expect((await app.ask({ path: '/api/things' })).status).toBe(200);
  expect((await app.ask({ method: 'POST', path: '/api/things' })).status).toBe(401);
  expect(done).toEqual([]);
  expect((await app.ask({ method: 'POST', path: '/api/things', headers: bearer })).status).toBe(201);
  expect(done).toEqual(['made']);
});

test('the page writes with its Origin', async () => {
  const answer = await app.ask({ method: 'POST', path: '/api/things', headers: ['Origin', app.origin] });
  expect(answer.status).toBe(201);
});

test('a rebinding Host is refused everywhere with 421', async () => {
  for (const path of ['/', '/health', '/api/things', '/api/models', '/nowhere']) {
    const answer = await app.ask({ path, headers: ['Host', 'evil.example'] });
    expect(answer.status).toBe(421);
    expect(codeOf(answer)).toBe('host_not_allowed');
  }
  expect((await app.ask({ path: '/api/things', headers: ['Host', 'box.lan:8080'] })).status).toBe(200);
});

test('a page of another site can neither write nor read', async () => {
  for (const headers of [
    ['Origin', 'https://evil.example'],
    ['Origin', 'null'],
    ['Sec-Fetch-Site', 'cross-site'],
  ]) {
    expect(codeOf(await app.ask({ method: 'POST', path: '/api/things', headers }))).toBe('origin_not_allowed');
    expect(codeOf(await app.ask({ path: '/api/things', headers }))).toBe('origin_not_allowed');
  }
  expect(done).toEqual([]);
});

test('a preflight gets no CORS headers', async () => {
  const headers = ['Origin', 'https://evil.example', 'Access-Control-Request-Method', 'POST'];
  const answer = await app.ask({ method: 'OPTIONS', path: '/api/things', headers });
  expect(answer.status).toBe(403);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('a forwarding header makes loopback foreign, once or repeated', async () => {
  for (const headers of [
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Forwarded-For', '127.0.0.1', 'X-Forwarded-For', '127.0.0.1'],
    ['Forwarded', 'for=127.0.0.1'],
    ['X-Real-IP', '127.0.0.1'],
    ['x-forwarded-host', 'localhost'],
  ]) {
    const answer = await app.ask({ path: '/api/things', headers });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="tightrope"');
    expect((await app.ask({ path: '/api/things', headers: [...headers, ...bearer] })).status).toBe(200);
  }
});

test('health stays open to monitors behind a proxy', async () => {
  expect((await app.ask({ path: '/health', headers: ['X-Forwarded-For', '203.0.113.1'] })).status).toBe(200);
});

test('a token in the URL is ignored', async () => {
  for (const path of [
    `/api/things?token=${TOKEN}`,
    `/api/things?access_token=${TOKEN}&authorization=Bearer%20${TOKEN}`,
  ]) {
    expect((await app.ask({ method: 'POST', path })).status).toBe(401);
  }
});

test('a wrong bearer is refused, but ignored where clients bring their own', async () => {
  const headers = ['Authorization', 'Bearer sk-of-a-client'];
  expect(codeOf(await app.ask({ path: '/api/things', headers }))).toBe('admin_token_required');
  expect((await app.ask({ path: '/api/models', headers })).status).toBe(200);
});

test('a trusted proxy names the client; the right-most untrusted hop counts', async () => {
  const behind = await runApp([Router().get('/things', (_request, response) => void response.json({}))], {
    rules: guardRules({ trustedProxies: ['127.0.0.0/8'] }),
  });
  try {
    const get = async (value: string) =>
      (await behind.ask({ path: '/api/things', headers: ['X-Forwarded-For', value] })).status;
    expect(await get('127.0.0.1, 203.0.113.7')).toBe(401);
    expect(await get('203.0.113.7, 127.0.0.1')).toBe(401);
    expect(await get('127.0.0.1')).toBe(200);
    expect(await get('not an address')).toBe(401);
  } finally {
    await behind.close();
  }
});
