/** Two seats of one workspace, and one person in two workspaces: a renewed login lands on its own account (spec admin-api 9.1, 9.8). */
import type { Json } from '../harness/json-call';
import { browse, flowOf, FREE_CALLBACK_PORT, startSignIn } from '../harness/sign-in';
import { openStage, type Stage } from '../harness/stage';

const WORKSPACE = '11111111-2222-4333-8444-555555555555';
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({
    accounts: [
      { email: 'ann@team.test', chatgptAccountId: WORKSPACE },
      { email: 'ben@team.test', chatgptAccountId: WORKSPACE },
      { email: 'ann@team.test' },
    ],
    env: FREE_CALLBACK_PORT,
  });
});
afterAll(() => stage.close());

const idOf = (index: number): unknown => stage.pool[index]?.['accountId'];

async function signIn(accountId: unknown, as: number): Promise<Json> {
  const flow = await startSignIn(stage.sidecar, { accountId });
  expect(flow['accountId']).toBe(accountId);
  await browse(stage.fake.browser.agree(String(flow['authorizationUrl']), stage.fake.account(as)));
  return flowOf(stage.sidecar, flow['flowId']);
}

async function generations(): Promise<unknown[]> {
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  return accounts.map((account) => account['updatedAtMs']);
}

test('each seat renews itself and no other', async () => {
  for (const index of [1, 0, 2]) {
    expect(await signIn(idOf(index), index)).toMatchObject({
      status: 'success',
      completedAccountId: idOf(index),
      completedAction: 'updated',
    });
  }
  expect((await stage.sidecar.admin('GET', '/api/accounts')).json['accounts']).toHaveLength(3);
});

test.each([
  ['the other seat of the workspace', 0, 1, /ben@team\.test.*started for ann@team\.test.*Nothing was changed/],
  ['the same person in another workspace', 0, 2, /ann@team\.test in another workspace/],
])('%s is refused in clear words and changes nothing', async (_name, wanted, signedIn, words) => {
  const before = await generations();
  const flow = await signIn(idOf(wanted), signedIn);
  expect(flow).toMatchObject({ status: 'error', errorCode: 'account_mismatch', completedAccountId: null });
  expect(flow['errorMessage']).toMatch(words);
  expect(await generations()).toEqual(before);
});

test('an unknown account is 404', async () => {
  const answer = await stage.sidecar.admin('POST', '/api/oauth/start', { accountId: 'nobody' });
  expect(answer).toMatchObject({ status: 404, json: { error: { code: 'account_not_found', field: 'accountId' } } });
});

test('a dead login comes back to life', async () => {
  const { fake, sidecar } = stage;
  fake.account(1).scripts.token.always(({ response }) => {
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { code: 'refresh_token_invalidated', message: 'gone' } }));
  });
  await sidecar.admin('POST', `/api/accounts/${String(idOf(1))}/refresh-token`);
  const dead = (await sidecar.admin('GET', `/api/accounts/${String(idOf(1))}`)).json;
  expect(dead['status']).toBe('reauth_required');
  fake.account(1).scripts.token.clear();
  expect(await signIn(idOf(1), 1)).toMatchObject({ status: 'success' });
  const alive = (await sidecar.admin('GET', `/api/accounts/${String(idOf(1))}`)).json;
  expect(alive).toMatchObject({ status: 'active', tokenRefreshNeedsAttention: false });
});
