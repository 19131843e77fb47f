import { ProxySwitch } from '../../../sidecar/admin/proxy-switch';
import { runtimeRoutes, type RuntimeFacts } from '../../../sidecar/admin/runtime-routes';
import { RuntimeHealth } from '../../../sidecar/contract/runtime';
import { compile } from '../../../sidecar/contract/validate';
import { memorySettings } from '../settings/memory-settings';
import { runApp, TOKEN, type Answer, type RunningApp } from './running-app';

let app: RunningApp;
let database = true;
let pool = { total: 0, usable: 0 };
let dropped = 0;

beforeAll(async () => {
  const facts: RuntimeFacts = {
    uptimeMs: () => 12.7,
    version: '1.2.3',
    nodeId: 'node',
    accounts: () => pool,
    turnsInFlight: () => 3,
    logRowsDropped: () => dropped,
    database: () => 'unlocked',
    databaseAnswers: async () => database,
  };
  const proxy = await ProxySwitch.load(memorySettings(), { publish: () => {} });
  app = await runApp([runtimeRoutes(proxy, facts)]);
});

afterAll(() => app.close());

const AUTH = ['Authorization', `Bearer ${TOKEN}`];
const post = (path: string): Promise<Answer> => app.ask({ method: 'POST', path, headers: AUTH });
const patch = (body: string): Promise<Answer> =>
  app.ask({
    method: 'PATCH',
    path: '/api/runtime/proxy',
    headers: [...AUTH, 'Content-Type', 'application/json'],
    body,
  });

test('start and stop are idempotent and answer the state', async () => {
  for (let round = 0; round < 2; round += 1) {
    expect((await post('/api/runtime/proxy/stop')).json).toEqual({ enabled: false, paused: false, autoRestart: true });
  }
  expect((await app.ask({ path: '/api/runtime/proxy' })).json).toMatchObject({ enabled: false });
  expect((await post('/api/runtime/proxy/start')).json).toMatchObject({ enabled: true });
});

test('PATCH sets what it names; null and unknown fields are nothing', async () => {
  expect((await patch('{"paused":true,"enabled":null,"x":1}')).json).toEqual({
    enabled: true,
    paused: true,
    autoRestart: true,
  });
  expect((await patch('{}')).json).toMatchObject({ paused: true });
  expect((await patch('{"paused":false}')).json).toMatchObject({ paused: false });
});

test.each([
  ['{"enabled":"yes"}', 'enabled'],
  ['{"autoRestart":1}', 'autoRestart'],
  ['[]', undefined],
])('PATCH %s is refused', async (body, field) => {
  const answer = await patch(body);
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ error: { code: 'invalid_field', ...(field === undefined ? {} : { field }) } });
});

test('PATCH without a body is refused', async () => {
  expect((await app.ask({ method: 'PATCH', path: '/api/runtime/proxy', headers: AUTH, body: '' })).status).toBe(400);
});

test.each([
  [{ total: 0, usable: 0 }, 0, true, 'ok'],
  [{ total: 2, usable: 1 }, 0, true, 'ok'],
  [{ total: 2, usable: 0 }, 0, true, 'degraded'],
  [{ total: 0, usable: 0 }, 1, true, 'degraded'],
  [{ total: 1, usable: 1 }, 0, false, 'error'],
])('accounts %j, %d rows dropped, database %s: %s', async (accounts, rows, answers, status) => {
  [pool, dropped, database] = [accounts, rows, answers];
  const { json } = await app.ask({ path: '/api/runtime/health' });
  expect(compile(RuntimeHealth, 'health')(json)).toMatchObject({
    status,
    accounts,
    logRowsDropped: rows,
    uptime_ms: 13,
    turnsInFlight: 3,
    version: '1.2.3',
    nodeId: 'node',
    cluster: null,
  });
});
