/** Sign-in with a device code, which the sidecar polls for by itself (spec data-security 6.4; admin-api 9.5). */
import { endOf, flowOf, FREE_CALLBACK_PORT, startSignIn } from '../harness/sign-in';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ accounts: 2, importAll: false, env: FREE_CALLBACK_PORT });
});
afterAll(() => stage.close());

const device = { forceMethod: 'device' };

test('pending polls, then the account; the interval is text upstream', async () => {
  const { fake, sidecar } = stage;
  const flow = await startSignIn(sidecar, device);
  expect(flow).toMatchObject({
    method: 'device',
    status: 'pending',
    intervalSeconds: 1,
    expiresInSeconds: 900,
    verificationUrl: `${fake.address}/codex/device`,
    authorizationUrl: null,
    listenerRunning: false,
  });
  const { deviceAuthId, userCode } = flow;
  const complete = await sidecar.admin('POST', '/api/oauth/complete', { deviceAuthId, userCode });
  expect(complete).toMatchObject({ status: 200, json: { status: 'pending' } });
  await fake.waitForRequests(({ path }) => path === '/api/accounts/deviceauth/token', 2);
  fake.device.approve(String(userCode), fake.account(0));
  expect(await endOf(sidecar, flow['flowId'])).toMatchObject({
    status: 'success',
    completedEmail: 'account-1@example.test',
  });
  expect((await sidecar.admin('POST', '/api/oauth/complete', { deviceAuthId })).json).toEqual({ status: 'success' });
});

test('two codes at once, one refused', async () => {
  const { fake, sidecar } = stage;
  const first = await startSignIn(sidecar, device);
  const second = await startSignIn(sidecar, device);
  fake.device.deny(String(first['userCode']));
  fake.device.approve(String(second['userCode']), fake.account(1));
  expect(await endOf(sidecar, first['flowId'])).toMatchObject({ status: 'error', errorCode: 'access_denied' });
  expect(await endOf(sidecar, second['flowId'])).toMatchObject({ completedEmail: 'account-2@example.test' });
});

test('a code expires', async () => {
  const { fake, sidecar } = stage;
  fake.device.expiresInSeconds = 1;
  const flow = await startSignIn(sidecar, device);
  expect(await endOf(sidecar, flow['flowId'])).toMatchObject({ status: 'error', phase: 'expired' });
  fake.device.expiresInSeconds = 900;
});

test('stopping it stops the polls at once', async () => {
  const { sidecar } = stage;
  const flow = await startSignIn(sidecar, device);
  const stopped = await sidecar.admin('POST', '/api/oauth/stop', { flowId: flow['flowId'] });
  expect(stopped.json).toMatchObject({ status: 'stopped' });
  expect(await flowOf(sidecar, flow['flowId'])).toMatchObject({ phase: 'cancelled' });
});

test('a provider without device sign-in is 502 with a way out', async () => {
  const { fake, sidecar } = stage;
  fake.device.offered = false;
  const answer = await sidecar.admin('POST', '/api/oauth/start', device);
  expect(answer).toMatchObject({ status: 502, json: { error: { code: 'device_auth_unavailable' } } });
  await fake.refuseConnections();
  const unreachable = await sidecar.admin('POST', '/api/oauth/start', device);
  expect(unreachable).toMatchObject({ status: 502, json: { error: { code: 'oauth_transport_failed' } } });
  await fake.acceptConnections();
});
