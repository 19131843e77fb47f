/** A single-use refresh token is never presented twice, also across kill -9 and restart (codex-wire 2.10; issue 4, point 6). */
import { untilAborted } from '../../fakes/upstream/answer';
import { authJsonOf } from '../../fakes/upstream/auth-json';
import type { Behaviour } from '../../fakes/upstream/behaviour';
import { deferred } from '../../fakes/upstream/deferred';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { toPath, toResponses, type RecordedRequest } from '../../fakes/upstream/recorder';
import { grantField } from '../../fakes/upstream/token-route';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const ROUNDS = 4;

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;
let id: string;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  id = String((await sidecar.importAccounts(fake.accounts))[0]?.['accountId']);
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

const account = async (): Promise<Json> => (await sidecar.admin('GET', `/api/accounts/${id}`)).json;
const turn = async (): Promise<number> => (await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status;

async function restart(env: Record<string, string> = {}): Promise<void> {
  await sidecar.kill9();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path, env });
}

function expectEveryTokenOnce(): void {
  const presented = fake.requests(toPath('/oauth/token')).map((request) => grantField(request, 'refresh_token'));
  expect(presented.length).toBe(new Set(presented).size);
  expect(fake.account(0).login.reuses).toBe(0);
}

/** How far the exchange has come when the process dies. */
const DEATHS = {
  'before the provider has looked at it': ({ signal }) => untilAborted(signal),
  'after the provider has spent it': ({ account: { login }, request, signal }) => {
    login.refresh(grantField(request, 'refresh_token') ?? '');
    return untilAborted(signal);
  },
  'while the answer is on its way': (exchange) => exchange.standard(),
} satisfies Record<string, Behaviour>;

test.each(Object.entries(DEATHS))('kill -9 %s', async (_when, death: Behaviour) => {
  const { login } = fake.account(0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const arrived = deferred<RecordedRequest>();
    fake.account(0).token.next(async (exchange) => {
      const done = death(exchange);
      arrived.resolve(exchange.request);
      await done;
    });
    login.rejectAccessTokens('token_revoked');
    const abandoned = turn().catch(() => 0);
    await arrived.promise;
    await restart();
    await abandoned;

    const served = await turn();
    const { status, reason } = await account();
    expectEveryTokenOnce();
    if (served === 200) {
      expect(status).toBe('active');
      continue;
    }
    expect([status, reason]).toEqual(['reauth_required', expect.stringContaining('refresh_interrupted')]);
    login.signInAgain();
    const freshLogin = { authJson: authJsonOf(fake.account(0)) };
    expect((await sidecar.admin('POST', '/api/accounts/import', freshLogin)).status).toBe(200);
    expect(await turn()).toBe(200);
  }
  await sidecar.stop();
});

test('kill -9 at the first request with the new token', async () => {
  const { login } = fake.account(0);
  for (let round = 0; round < ROUNDS; round += 1) {
    login.rejectAccessTokens('token_invalidated');
    const before = fake.requests(toResponses).length;
    const abandoned = turn().catch(() => 0);
    await fake.waitForRequests(toResponses, before + 2);
    await restart();
    await abandoned;
    expect(await turn()).toBe(200);
    expect(await account()).toMatchObject({ status: 'active', tokenRefreshNeedsAttention: false });
  }
  expect(login.rotations).toBe(ROUNDS);
  expectEveryTokenOnce();
  await sidecar.stop();
});

test('an account whose refresh was cut short by a death serves on with its access token and says what to do', async () => {
  const sweeping = {
    TIGHTROPE_TOKEN_REFRESH_STARTUP_DELAY_MS: '1',
    TIGHTROPE_TOKEN_REFRESH_STARTUP_STALE_AFTER_MS: '1',
    TIGHTROPE_TOKEN_REFRESH_CHECK_INTERVAL_MS: '50',
    TIGHTROPE_TOKEN_REFRESH_SUCCESS_CYCLE_MS: '50',
  };
  fake.account(0).token.always(DEATHS['after the provider has spent it']);
  await restart(sweeping);
  await fake.waitForRequests(toPath('/oauth/token'));
  await restart(sweeping);
  const view = await eventually('the account says so', async () => {
    const now = await account();
    return now['tokenRefreshNeedsAttention'] === true ? now : undefined;
  });
  expect(view).toMatchObject({
    status: 'active',
    nextStep: expect.stringMatching(/^Sign in again.* before 20/) as string,
    tokenRefreshLastError: expect.stringContaining('refresh_interrupted') as string,
  });
  for (let n = 0; n < 5; n += 1) expect(await turn()).toBe(200);
  expect((await sidecar.admin('POST', `/api/accounts/${id}/refresh-token`)).status).toBe(502);
  await restart(sweeping);
  expect(await turn()).toBe(200);
  expect(fake.requests(toPath('/oauth/token'))).toHaveLength(1);
  await sidecar.stop();
});
