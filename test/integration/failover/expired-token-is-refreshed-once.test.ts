/** However many requests meet a dead token, it is refreshed once, and the refresh token is spent once (codex-wire 2.10 OAuth). */
import { toPath, toResponses } from '../../fakes/upstream/recorder';
import { openAiBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

const CLIENTS = 200;

let stage: Stage;
afterEach(() => stage.close());

async function manyTurns(): Promise<number[]> {
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, () => stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))),
  );
  return [...new Set(answers.map((answer) => answer.status))];
}

test('200 requests on a token that expired before they came', async () => {
  stage = await openStage({ accounts: [{ accessTokenTtlSeconds: -60 }] });
  stage.fake.account(0).login.accessTokenTtlSeconds = 3600;
  expect(await manyTurns()).toEqual([200]);
  const { login } = stage.fake.account(0);
  expect({ rotations: login.rotations, reuses: login.reuses }).toEqual({ rotations: 1, reuses: 0 });
  expect(stage.fake.requests(toPath('/oauth/token'))).toHaveLength(1);
  expect(stage.fake.requests(toResponses).every((request) => request.status === 200)).toBe(true);
});

test('200 requests on a session that upstream has killed although its token looks good', async () => {
  stage = await openStage();
  const { login } = stage.fake.account(0);
  login.rejectAccessTokens('token_invalidated');
  expect(await manyTurns()).toEqual([200]);
  expect({ rotations: login.rotations, reuses: login.reuses }).toEqual({ rotations: 1, reuses: 0 });
  const seen = stage.fake.requests(toResponses).map((request) => request.status);
  expect(seen.filter((status) => status === 200)).toHaveLength(CLIENTS);
});

test('the refresh request is what the real endpoint expects', async () => {
  stage = await openStage({ accounts: [{ accessTokenTtlSeconds: -60 }] });
  const spent = stage.fake.account(0).login.current.refreshToken;
  stage.fake.account(0).login.accessTokenTtlSeconds = 3600;
  await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const [request] = stage.fake.requests(toPath('/oauth/token'));
  const fields = request?.json ?? Object.fromEntries(new URLSearchParams(request?.body.toString()));
  expect(fields).toMatchObject({
    grant_type: 'refresh_token',
    refresh_token: spent,
    client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
  });
});
