/** Headers of every proxied answer and the usage route show the pool's limits, not those of whoever served (codex-wire 2.9). */
import { fiveHourAndWeekly, type WindowNumbers } from '../../fakes/upstream/rate-headers';
import { reply } from '../../fakes/upstream/reply';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const ask = (): Promise<WholeAnswer> => stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));

function answersWith(index: number, numbers: WindowNumbers): void {
  stage.fake.account(index).responses.always(reply({ headers: fiveHourAndWeekly(numbers) }));
}

test.each(['/api/codex/usage', '/backend-api/wham/usage'])('%s: the best that any account has left', async (path) => {
  answersWith(0, { primaryPercent: 80, secondaryPercent: 10 });
  answersWith(1, { primaryPercent: 30, secondaryPercent: 60 });
  const served = new Set<unknown>();
  for (let turn = 0; turn < 4; turn += 1) served.add((await ask()).headers['x-tightrope-routed-account-id']);
  expect(served.size).toBe(2);
  const usage = await stage.sidecar.call(path, { headers: { authorization: 'Bearer whatever' } });
  expect(usage.status).toBe(200);
  expect(usage.json).toMatchObject({
    plan_type: 'pro',
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: { used_percent: 30, limit_window_seconds: 18_000 },
      secondary_window: { used_percent: 10, limit_window_seconds: 604_800 },
    },
    additional_rate_limits: [],
  });
  // It is no turn: only the four answers have rows.
  const logs = await stage.sidecar.admin('GET', '/api/logs?limit=50');
  expect((logs.json['logs'] as unknown[]).length).toBeLessThanOrEqual(4);
});

test('headers of answers, model lists and errors are the pool’s and occur once', async () => {
  answersWith(0, { primaryPercent: 80, secondaryPercent: 10 });
  answersWith(1, { primaryPercent: 30, secondaryPercent: 60 });
  for (let turn = 0; turn < 4; turn += 1) await ask();
  const pools = {
    'x-codex-primary-used-percent': '30.0',
    'x-codex-primary-window-minutes': '300',
    'x-codex-secondary-used-percent': '10.0',
    'x-codex-secondary-window-minutes': '10080',
    'x-codex-credits-has-credits': 'false',
  };
  // The headers are put together at most once a second.
  await eventually('the headers know both accounts', async () => {
    const { headers } = await stage.sidecar.call('/v1/models');
    return headers['x-codex-primary-used-percent'] === '30.0' ? true : undefined;
  });
  expect((await stage.sidecar.call('/v1/models')).headers).toMatchObject(pools);
  expect((await stage.sidecar.post('/v1/responses', { model: 1 })).headers).toMatchObject(pools);
  const { headers } = await ask();
  expect(headers).toMatchObject(pools);
  expect(headers['x-codex-active-limit']).toBeUndefined();
});

test('an empty pool says so', async () => {
  const [first, second] = stage.pool.map((account) => String(account['accountId']));
  for (const id of [first, second]) await stage.sidecar.admin('POST', `/api/accounts/${id}/pause`);
  const usage = await stage.sidecar.call('/api/codex/usage/');
  expect(usage.json).toMatchObject({ plan_type: 'guest', credits: null });
});
