/** Sign-in where the browser cannot reach the listener: a taken port, another machine (spec data-security 6.2, 6.3). */
import { callWhole } from '../harness/json-call';
import { flowOf, holdPort, startSignIn } from '../harness/sign-in';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
let busy: Awaited<ReturnType<typeof holdPort>>;

beforeAll(async () => {
  busy = await holdPort();
  stage = await openStage({
    accounts: 3,
    importAll: false,
    env: { TIGHTROPE_OAUTH_REDIRECT_URI: `http://localhost:${busy.port}/auth/callback` },
  });
});
afterAll(async () => {
  await busy.release();
  await stage.close();
});

const paste = async (callbackUrl: unknown, more = {}) =>
  (await stage.sidecar.admin('POST', '/api/oauth/manual-callback', { callbackUrl, ...more })).json;

test('a taken port is explained, and the pasted address completes the sign-in', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  expect(flow).toMatchObject({ listenerRunning: false, phase: 'waiting' });
  expect(flow['listenerProblem']).toMatch(new RegExp(`Port ${busy.port} is in use.*paste.*device code`));
  const address = fake.browser.agree(String(flow['authorizationUrl']), fake.account(0));
  expect(await paste(` ${address}#_=_\n`)).toMatchObject({
    status: 'success',
    errorMessage: null,
    flowId: flow['flowId'],
  });
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({
    status: 'success',
    completedEmail: 'account-1@example.test',
    listenerProblem: null,
  });
  expect(await paste(address)).toMatchObject({ status: 'error', errorCode: 'oauth_callback_used' });
});

test('a wrong state is an error that leaves the sign-in alive', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  const other = await startSignIn(sidecar);
  const address = fake.browser.agree(String(flow['authorizationUrl']), fake.account(1));
  const forged = new URL(address);
  forged.searchParams.set('state', 'of-somebody-else');
  expect(await paste(forged.href)).toMatchObject({ status: 'error', errorCode: 'oauth_state_unknown' });
  expect(await paste('http://localhost/auth/callback?code=only')).toMatchObject({ status: 'error' });
  expect(await paste(address, { flowId: other['flowId'] })).toMatchObject({ errorCode: 'oauth_state_unknown' });
  expect(await paste(address, { flowId: flow['flowId'] })).toMatchObject({ status: 'success' });
});

test('an empty paste is a bad request', async () => {
  for (const body of [{}, { callbackUrl: ' ' }, { callbackUrl: null }]) {
    const answer = await stage.sidecar.admin('POST', '/api/oauth/manual-callback', body);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'invalid_callback' } } });
  }
  const wrongType = await stage.sidecar.admin('POST', '/api/oauth/manual-callback', { callbackUrl: 7 });
  expect(wrongType.json).toMatchObject({ error: { code: 'invalid_request', field: 'callbackUrl' } });
});

test('the main port takes the callback too', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar);
  const { search } = new URL(fake.browser.agree(String(flow['authorizationUrl']), fake.account(2)));
  const page = await callWhole(sidecar.url(`/auth/callback${search}`));
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({ completedEmail: 'account-3@example.test' });
});
