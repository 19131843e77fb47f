/** Sign-in with a browser: the way there and back, what goes wrong on it, and several at once (spec data-security 6.2). */
import { connect } from 'node:net';
import { openAiBody } from '../harness/bodies';
import { callWhole } from '../harness/json-call';
import { browse, endOf, flowOf, FREE_CALLBACK_PORT, startSignIn } from '../harness/sign-in';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 6, importAll: false, env: FREE_CALLBACK_PORT });
});
afterAll(() => stage.close());

function refusesConnections(address: string): Promise<boolean> {
  const { port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

test('without a sign-in the status is idle', async () => {
  expect((await stage.sidecar.admin('GET', '/api/oauth/status')).json).toMatchObject({
    flowId: null,
    status: 'pending',
    phase: 'idle',
    active: false,
  });
  expect((await stage.sidecar.admin('GET', '/api/oauth/status?flowId=none')).status).toBe(404);
});

test('a signed-in account serves, and the listener is gone', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  expect(flow).toMatchObject({
    method: 'browser',
    status: 'pending',
    phase: 'waiting',
    active: true,
    listenerRunning: true,
    listenerProblem: null,
    callbackUrl: expect.stringMatching(/^http:\/\/localhost:\d{2,5}\/auth\/callback$/) as string,
  });
  const query = new URL(String(flow['authorizationUrl'])).searchParams;
  expect(Object.fromEntries(query)).toMatchObject({
    response_type: 'code',
    client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
    redirect_uri: flow['callbackUrl'],
    scope: 'openid profile email offline_access',
    code_challenge_method: 'S256',
    originator: 'codex_chatgpt_desktop',
  });
  expect(String(flow['authorizationUrl'])).toContain('scope=openid%20profile%20email%20offline_access');

  const page = await browse(fake.browser.agree(String(flow['authorizationUrl']), fake.account(0)));
  expect(page).toMatchObject({ status: 200 });
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
  expect(page.text).toContain('account-1@example.test');
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({
    status: 'success',
    phase: 'done',
    completedEmail: 'account-1@example.test',
    completedAction: 'created',
    listenerRunning: false,
  });
  expect(await refusesConnections(String(flow['callbackUrl']))).toBe(true);
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
});

test('two sign-ins side by side each get their own account, in any order', async () => {
  const { fake, sidecar } = stage;
  const first = await startSignIn(sidecar);
  const second = await startSignIn(sidecar);
  expect(second['callbackUrl']).toBe(first['callbackUrl']);
  await browse(fake.browser.agree(String(second['authorizationUrl']), fake.account(2)));
  expect(await flowOf(sidecar, first['flowId'])).toMatchObject({ phase: 'waiting', listenerRunning: true });
  await browse(fake.browser.agree(String(first['authorizationUrl']), fake.account(1)));
  expect(await flowOf(sidecar, first['flowId'])).toMatchObject({ completedEmail: 'account-2@example.test' });
  expect(await flowOf(sidecar, second['flowId'])).toMatchObject({ completedEmail: 'account-3@example.test' });
  const { flows } = (await sidecar.admin('GET', '/api/oauth/flows')).json;
  expect((flows as unknown[]).slice(0, 2)).toMatchObject([{ flowId: second['flowId'] }, { flowId: first['flowId'] }]);
});

test('a callback counts once; a replay and a stranger change nothing', async () => {
  const { fake, sidecar } = stage;
  const waiting = await startSignIn(sidecar);
  const flow = await startSignIn(sidecar);
  const address = fake.browser.agree(String(flow['authorizationUrl']), fake.account(3));
  expect((await browse(address)).status).toBe(200);
  const replay = await browse(address);
  expect(replay).toMatchObject({ status: 400 });
  expect(replay.text).toContain('used already');
  const stranger = await browse(`${String(flow['callbackUrl'])}?code=ac_x&state=made-up`);
  expect(stranger.status).toBe(400);
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({ status: 'success' });
  expect(await flowOf(sidecar, waiting['flowId'])).toMatchObject({ phase: 'waiting', errorMessage: null });
  expect(
    fake.requests((request) => request.path === '/oauth/token' && request.account === fake.account(3)),
  ).toHaveLength(1);
});

test('a refusal ends the sign-in; the words of the provider are text on the page', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  const page = await browse(fake.browser.deny(String(flow['authorizationUrl']), '<script>alert("x")</script>'));
  expect(page.status).toBe(400);
  expect(page.text).not.toContain('<script>');
  expect(page.text).toContain('&lt;script&gt;');
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({ status: 'error', errorCode: 'access_denied' });
});

test('a code that the provider does not take is a failed sign-in with its reason', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  const address = new URL(fake.browser.agree(String(flow['authorizationUrl']), fake.account(4)));
  address.searchParams.set('code', 'ac_forged');
  expect((await browse(address.href)).status).toBe(400);
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({ status: 'error', phase: 'failed' });
  expect((await sidecar.admin('GET', '/api/accounts')).text).not.toContain(fake.account(4).email);
});

test('the listener answers one path, by its own name, to GET', async () => {
  const flow = await startSignIn(stage.sidecar);
  const base = String(flow['callbackUrl']).replace('//localhost', '//127.0.0.1');
  const { origin } = new URL(base);
  expect((await callWhole(`${origin}/`)).status).toBe(404);
  expect((await callWhole(`${origin}/api/accounts`)).status).toBe(404);
  expect((await callWhole(base, { method: 'POST' })).status).toBe(405);
  expect((await callWhole(base, { headers: { host: 'evil.example' } })).status).toBe(421);
});

test('cancelling ends it for good, and a late callback is refused', async () => {
  const { fake, sidecar } = stage;
  const other = await startSignIn(sidecar);
  const flow = await startSignIn(sidecar, { forceMethod: 'browser' });
  const stopped = await sidecar.admin('POST', '/api/oauth/stop', { flowId: flow['flowId'] });
  expect(stopped.json).toMatchObject({ status: 'stopped', phase: 'cancelled', active: false });
  expect((await browse(fake.browser.agree(String(flow['authorizationUrl']), fake.account(5)))).status).toBe(400);
  expect(await flowOf(sidecar, other['flowId'])).toMatchObject({ phase: 'waiting' });
  const again = (await sidecar.admin('POST', '/api/oauth/restart', { flowId: flow['flowId'] })).json;
  expect(again).toMatchObject({ phase: 'waiting', method: 'browser' });
  expect(again['authorizationUrl']).not.toBe(flow['authorizationUrl']);
  await browse(fake.browser.agree(String(again['authorizationUrl']), fake.account(5)));
  expect(await endOf(sidecar, again['flowId'])).toMatchObject({ status: 'success' });
});
