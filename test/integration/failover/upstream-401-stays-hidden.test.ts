/** A client never sees an upstream 401 as its own: Codex would try to refresh its own login (codex-observed; design §3). */
import { accountDeactivated, serverError, unauthorized } from '../../fakes/upstream/error-faults';
import { refreshRefused } from '../../fakes/upstream/token-route';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test.each(RESPONSE_ROUTES)('$path: every token is refused, refreshed ones too', async ({ path, body }) => {
  stage.fake.account(0).responses.always(unauthorized('token_revoked'));
  const answer = await stage.sidecar.post(path, body());
  expect([502, 503]).toContain(answer.status);
  expect(errorOf(answer)['type']).not.toBe('authentication_error');
  expect(stage.fake.account(0).login.rotations).toBe(1);
});

test.each(RESPONSE_ROUTES)('$path: the refresh itself is refused', async ({ path, body }) => {
  stage.fake.account(0).login.rejectAccessTokens();
  stage.fake.account(0).token.always(refreshRefused('invalid_grant'));
  expect([502, 503]).toContain((await stage.sidecar.post(path, body())).status);
});

test.each(RESPONSE_ROUTES)('$path: the token endpoint is down', async ({ path, body }) => {
  stage.fake.account(0).login.rejectAccessTokens();
  stage.fake.account(0).token.always(serverError(503));
  expect([502, 503]).toContain((await stage.sidecar.post(path, body())).status);
});

test('a deactivated account is marked and the client hears about the pool', async () => {
  stage.fake.account(0).responses.always(accountDeactivated());
  const answer = await stage.sidecar.post('/v1/responses', RESPONSE_ROUTES[0].body());
  expect([502, 503]).toContain(answer.status);
  const account = await stage.sidecar.admin('GET', `/api/accounts/${String(stage.pool[0]?.['accountId'])}`);
  expect(account.json).toMatchObject({ status: 'deactivated' });
});
