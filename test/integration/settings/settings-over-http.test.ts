/** Settings over HTTP: partial updates with a version, history with restore (design §11 "Settings"; spec/admin-api.md 5). */
import { Type, type TSchema } from '@sinclair/typebox';
import { settingsRoutes } from '../../../sidecar/contract/settings';
import { compile } from '../../../sidecar/contract/validate';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ importAll: false, env: { TIGHTROPE_CONNECT_ADDRESS: 'proxy.example.test' } });
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(() => stage.close());

const SETTINGS = '/api/settings';
const put = (changes: unknown): Promise<WholeAnswer> => stage.sidecar.admin('PUT', SETTINGS, changes);
const get = (target = SETTINGS): Promise<WholeAnswer> => stage.sidecar.admin('GET', target);

/** Fails when the answer is not what the contract of its route says. */
function checked(answer: WholeAnswer, method: string, path: string): WholeAnswer['json'] {
  const contract = settingsRoutes.find((route) => route.method === method && route.path === path);
  const schema: TSchema = contract?.answers[answer.status] ?? Type.Never();
  compile(schema, `answer of ${method} ${path}`)(answer.json);
  return answer.json;
}

test('of two writers with the same version one is told that it is late', async () => {
  const { version } = checked(await get(), 'GET', SETTINGS);
  const answers = await Promise.all(['dark', 'light'].map((theme) => put({ theme, expectedVersion: version })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const late = answers.find(({ status }) => status === 409);
  expect(late && errorOf(late)).toMatchObject({ code: 'conflict', version: Number(version) + 1 });
  const won = answers.find(({ status }) => status === 200);
  expect((await get()).json).toEqual(won && checked(won, 'PUT', SETTINGS));
});

test('an answer may be sent back as it came, in either spelling of the names', async () => {
  const { json } = await get();
  expect((await put(json)).json).toEqual(json);
  expect((await put({ routing_strategy: 'headroom', unknown: 1, theme: null })).json).toMatchObject({
    routingStrategy: 'headroom',
    theme: json['theme'],
  });
});

test.each([
  [{ theme: 5 }, 'invalid_theme', 'theme'],
  [{ preferEarlierResetAccounts: 'yes' }, 'invalid_field', 'preferEarlierResetAccounts'],
  [{ expectedVersion: '1' }, 'invalid_field', 'expectedVersion'],
  [{ theme: 'dark', routingSuccessRateRho: 65 }, 'invalid_routing_success_rate_rho', 'routingSuccessRateRho'],
])('%j is 400 %s, names the field and changes nothing', async (changes, code, field) => {
  const before = (await get()).json;
  const answer = await put(changes);
  expect(answer.status).toBe(400);
  expect(errorOf(answer)).toMatchObject({ code, field });
  expect((await get()).json).toEqual(before);
});

test.each(['[]', '"x"', ''])('a body %j is 400', async (body) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${stage.sidecar.adminToken}` };
  expect((await stage.sidecar.call(SETTINGS, { method: 'PUT', headers, body })).status).toBe(400);
});

test('the history tells who changed what, and a version comes back as a new one', async () => {
  await put({ theme: 'dark', routingStrategy: 'drain_hop' });
  const { version: wanted } = (await get()).json;
  await put({ theme: 'light', routingStrategy: 'round_robin' });
  const path = '/api/settings/history';
  const { versions } = checked(await get(`${path}?limit=1`), 'GET', path);
  expect(versions).toEqual([
    {
      version: Number(wanted) + 1,
      atMs: expect.any(Number) as number,
      by: 'admin_token',
      changes: [
        { name: 'theme', from: 'dark', to: 'light' },
        { name: 'routingStrategy', from: 'drain_hop', to: 'round_robin' },
      ],
    },
  ]);
  const restored = await stage.sidecar.admin('POST', `${path}/${String(wanted)}/restore`);
  expect(checked(restored, 'POST', `${path}/{version}/restore`)).toMatchObject({
    theme: 'dark',
    routingStrategy: 'drain_hop',
    version: Number(wanted) + 2,
  });
  expect((await stage.sidecar.admin('POST', `${path}/999999/restore`)).status).toBe(404);
  expect((await get(`${path}?limit=0`)).status).toBe(400);
});

test('the proxy switch is no setting: it makes no version', async () => {
  const { version } = (await get()).json;
  await stage.sidecar.admin('PATCH', '/api/runtime/proxy', { autoRestart: false });
  expect((await get()).json['version']).toBe(version);
});

test('defaults and connect address', async () => {
  checked(await get('/api/settings/defaults'), 'GET', '/api/settings/defaults');
  const answer = await get('/api/settings/runtime/connect-address');
  expect(answer.json).toEqual({ connectAddress: 'proxy.example.test' });
});
