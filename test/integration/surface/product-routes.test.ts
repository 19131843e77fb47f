/** The product routes of the Codex app: answered for the pool, or passed with the caller's own login and no other (codex-wire 2.10). */
import { toPath } from '../../fakes/upstream/recorder';
import { serverError } from '../../fakes/upstream/error-faults';
import { errorOf, jsonCall, type Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3, strict: true });
});
afterEach(() => stage.close());

const CREDITS = '/backend-api/wham/rate-limit-reset-credits';

test.each(['/backend-api/wham/accounts/check', '/api/codex/accounts/check'])(
  'GET %s shows the pool as the account that the caller is signed in to',
  async (path) => {
    const got = await stage.sidecar.call(path, { headers: { 'chatgpt-account-id': 'own-account' } });
    expect(got.json).toMatchObject({
      accounts: [{ id: 'own-account', plan_type: 'pro', account_routing_override: 'NO_CONSTRAINT' }],
      default_account_id: 'own-account',
      account_ordering: ['own-account'],
    });
    expect(stage.fake.requests(({ path: asked }) => asked.endsWith('/accounts/check'))).toHaveLength(0);
  },
);

test('reset credits are those of all accounts that answer', async () => {
  stage.fake.account(0).resetCredits = 2;
  stage.fake.account(1).scripts.resetCredits.always(serverError(500));
  const got = await stage.sidecar.call(CREDITS);
  expect(got.json['available_count']).toBe(3);
  expect((got.json['credits'] as Json[]).map(({ id }) => id).sort()).toEqual([
    'credit-account-1-0',
    'credit-account-1-1',
    'credit-account-3-0',
  ]);
});

test('a credit is spent once per redeem id, also when the answer is lost and the request repeated', async () => {
  stage.fake.account(0).resetCredits = 0;
  stage.fake.account(1).resetCredits = 3;
  stage.fake.account(2).resetCredits = 1;
  stage.fake.scripts.resetCredits.decide((request) =>
    request.method === 'POST' && stage.fake.redemptions.length === 0
      ? async ({ standard, cutConnection, response }) => {
          response.end = () => undefined as never;
          await standard();
          cutConnection('close');
        }
      : undefined,
  );
  const consume = () => stage.sidecar.post(`${CREDITS}/consume`, { redeem_request_id: 'r-1' });
  expect((await consume()).status).toBe(502);
  expect((await consume()).json).toMatchObject({ code: 'already_redeemed' });
  expect(stage.fake.redemptions.map(({ account, code }) => `${account} ${code}`)).toEqual([
    'account-2 reset',
    'account-2 already_redeemed',
  ]);
});

test('a credit that is named is spent at its account', async () => {
  const got = await stage.sidecar.post(`${CREDITS}/consume`, {
    redeem_request_id: 'r-1',
    credit_id: 'credit-account-3-0',
  });
  expect(got.json).toMatchObject({ code: 'reset' });
  expect(stage.fake.redemptions).toMatchObject([{ account: 'account-3' }]);
  expect((await stage.sidecar.post(`${CREDITS}/consume`, {})).status).toBe(400);
});

const OWN = [
  ['GET', '/backend-api/wham/settings/user'],
  ['GET', '/backend-api/ps/plugins/installed'],
  ['POST', '/backend-api/ps/mcp'],
  ['POST', '/backend-api/codex/analytics-events/events'],
] as const;

test.each(OWN)('%s %s passes with the caller’s own login only', async (method, path) => {
  const own = stage.fake.addAccount();
  const headers = {
    authorization: `Bearer ${own.login.current.accessToken}`,
    'chatgpt-account-id': own.chatgptAccountId,
  };
  const call = method === 'GET' ? { headers } : jsonCall({ a: 1 }, headers);
  const got = await stage.sidecar.call(`${path}?limit=2`, call);
  expect({ status: got.status, json: got.json }).toEqual({ status: 200, json: { own: own.name } });
  expect(stage.fake.requests(toPath(path)).map(({ account, query }) => [account?.name, query.get('limit')])).toEqual([
    [own.name, '2'],
  ]);
});

test.each(OWN)('%s %s without one is 404, and the pool stands in for nobody', async (method, path) => {
  const headers = { authorization: 'Bearer sk-some-key' };
  const got = await stage.sidecar.call(path, method === 'GET' ? { headers } : jsonCall({}, headers));
  expect({ status: got.status, code: errorOf(got)['code'] }).toEqual({ status: 404, code: 'not_found' });
  expect(stage.fake.requests(toPath(path))).toHaveLength(0);
});

test.each(['/backend-api/wham/something-new', '/backend-api/codex/something-new', '/backend-api/me', '/v1/embeddings'])(
  '%s, which nobody knows, is 404 whoever asks',
  async (path) => {
    const authorization = `Bearer ${stage.fake.account(0).login.current.accessToken}`;
    const got = await stage.sidecar.post(path, {}, { authorization });
    expect({ status: got.status, code: errorOf(got)['code'] }).toEqual({ status: 404, code: 'not_found' });
    expect(stage.fake.requests(toPath(path))).toHaveLength(0);
  },
);
