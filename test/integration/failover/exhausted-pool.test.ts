/** When every account has reached its limit the client hears 429 with the nearest reset; when there is none, 503 (design §3, §11). */
import { usageLimit } from '../../fakes/upstream/error-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { RESPONSE_ROUTES, openAiBody } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
afterEach(() => stage.close());

test.each(RESPONSE_ROUTES)('$path: all accounts limited', async ({ path, body }) => {
  stage = await openStage({ accounts: 2 });
  stage.fake.account(0).responses.always(usageLimit({ resetsInSeconds: 7200 }));
  stage.fake.account(1).responses.always(usageLimit({ resetsInSeconds: 3600 }));
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await stage.sidecar.post(path, body());
    expect(answer.status).toBe(429);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const error = errorOf(answer);
    expect(error).toMatchObject({ code: 'usage_limit_reached', type: 'usage_limit_reached' });
    const seconds = Number(error['resets_in_seconds']);
    expect(seconds).toBeGreaterThan(3500);
    expect(seconds).toBeLessThanOrEqual(3600);
    expect(Math.abs(Number(error['resets_at']) - (Date.now() / 1000 + seconds))).toBeLessThan(5);
    expect(Math.abs(Number(answer.headers['retry-after']) - seconds)).toBeLessThanOrEqual(1);
  }
  // The second turn knows it beforehand: each account was asked once.
  expect(stage.fake.requests(toResponses)).toHaveLength(2);
});

test('a reset that is near is waited for, with keepalives; then the account is back by itself', async () => {
  stage = await openStage({ env: { TIGHTROPE_SSE_KEEPALIVE_MS: '200' } });
  stage.fake.account(0).responses.next(usageLimit({ resetsInSeconds: 2 }));
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', RESPONSE_ROUTES[1].body());
  const types = (await stream.rest()).map((event) => event.name);
  expect(types.filter((type) => type === 'codex.keepalive').length).toBeGreaterThan(1);
  expect(types.at(-1)).toBe('response.completed');
  expect(stage.fake.requests(toResponses)).toHaveLength(2);
});

test.each(RESPONSE_ROUTES)('$path: an empty pool', async ({ path, body }) => {
  stage = await openStage({ importAll: false });
  const answer = await stage.sidecar.post(path, body());
  expect(answer.status).toBe(503);
  expect(errorOf(answer)).toMatchObject({ code: 'no_accounts' });
  expect(stage.fake.requests(toResponses)).toHaveLength(0);
});

test('a pool of paused accounts is as good as empty until one is reactivated', async () => {
  stage = await openStage();
  const id = String(stage.pool[0]?.['accountId']);
  expect((await stage.sidecar.admin('POST', `/api/accounts/${id}/pause`)).status).toBe(200);
  expect(errorOf(await stage.sidecar.post('/v1/responses', openAiBody()))).toMatchObject({ code: 'no_accounts' });
  expect((await stage.sidecar.admin('POST', `/api/accounts/${id}/reactivate`)).status).toBe(200);
  expect((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
});
