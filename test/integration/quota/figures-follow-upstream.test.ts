/** An account shows what upstream says of it, wherever it says it, and is used accordingly (issue 4, point 1). */
import { extraFamily, fiveHourAndWeekly } from '../../fakes/upstream/rate-headers';
import { usageLimit } from '../../fakes/upstream/error-faults';
import { textAnswer } from '../../fakes/upstream/answers';
import { rateLimitsEvent } from '../../fakes/upstream/events';
import { reply } from '../../fakes/upstream/reply';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json, WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
afterEach(() => stage.close());

const ask = (model = 'gpt-5.5'): Promise<WholeAnswer> =>
  stage.sidecar.post('/v1/responses', openAiBody({ stream: false, model }));
const account = async (index = 0): Promise<Json> =>
  (await stage.sidecar.admin('GET', `/api/accounts/${String(stage.pool[index]?.['accountId'])}`)).json;
const soon = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

test('headers, the event in the stream and a refresh, each with its source', async () => {
  stage = await openStage();
  const script = stage.fake.account(0).responses;
  expect(await account()).toMatchObject({ windows: [], quotaPrimaryPercent: null });
  script.next(reply({ headers: fiveHourAndWeekly({ primaryPercent: 31, secondaryPercent: 12 }) }));
  await ask();
  expect(await account()).toMatchObject({
    quotaPrimaryPercent: 31,
    quotaPrimaryWindowSeconds: 18_000,
    quotaSecondaryPercent: 12,
    quotaSecondaryWindowSeconds: 604_800,
    windows: [
      { class: 'short', source: 'headers' },
      { class: 'weekly', source: 'headers' },
    ],
  });
  const week = { used_percent: 47, window_minutes: 10_080, reset_at: soon(9000) };
  const told = { ...rateLimitsEvent(47), rate_limits: { primary: week, secondary: null } };
  script.next(reply({ events: [told, ...textAnswer()] }));
  await ask();
  expect((await account())['windows']).toContainEqual(
    expect.objectContaining({ class: 'weekly', usedPercent: 47, source: 'event' }),
  );
  const id = String(stage.pool[0]?.['accountId']);
  const refreshed = await stage.sidecar.admin('POST', `/api/accounts/${id}/refresh-usage`);
  expect(refreshed.status).toBe(200);
  expect(refreshed.json).toMatchObject({ quotaPrimaryPercent: 22, windows: [{ source: 'poll' }, { source: 'poll' }] });
  const trend = await stage.sidecar.admin('GET', `/api/accounts/${id}/usage-trend?days=1&by=hour`);
  const percents = { short: expect.any(Number) as number, weekly: expect.any(Number) as number };
  expect(trend.json['points']).toEqual([expect.objectContaining({ percents })]);
});

test('a used-up account leaves rotation, says until when, and comes back by itself', async () => {
  stage = await openStage();
  const full = fiveHourAndWeekly({ primaryPercent: 100, primaryResetAt: soon(3) });
  stage.fake.account(0).responses.next(reply({ headers: full }));
  expect((await ask()).status).toBe(200);
  expect(await account()).toMatchObject({ status: 'rate_limited', nextStep: expect.stringContaining('by itself') });
  // The reset is near and nobody else can serve: the client waits for it (design §11).
  expect((await ask()).status).toBe(200);
  expect(await account()).toMatchObject({ status: 'active', blockedUntilMs: null });
});

test('credits keep an account usable beyond its windows', async () => {
  stage = await openStage();
  const full = {
    ...fiveHourAndWeekly({ primaryPercent: 100 }),
    'x-codex-credits-has-credits': 'True',
    'x-codex-credits-balance': '9.99',
  };
  stage.fake.account(0).responses.always(reply({ headers: full }));
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
  expect(await account()).toMatchObject({ status: 'active', quotaPrimaryPercent: 100 });
});

test('a further limit keeps its own model away and no other', async () => {
  stage = await openStage();
  const script = stage.fake.account(0).responses;
  const spark = { ...extraFamily(100), 'x-codex-active-limit': 'codex_bengalfox' };
  script.next(usageLimit({ headers: spark }));
  expect((await ask('gpt-5.3-codex-spark')).status).toBe(429);
  expect((await ask('gpt-5.3-codex-spark')).status).toBe(429);
  expect(stage.fake.requests((request) => request.path.endsWith('/responses'))).toHaveLength(1);
  expect((await ask()).status).toBe(200);
  expect(await account()).toMatchObject({ status: 'active' });
});

test('the poller fills in what no turn has told, without the e-mail in the raw words', async () => {
  stage = await openStage({ env: { TIGHTROPE_USAGE_POLL_INTERVAL_MS: '300' } });
  await eventually('the poller has asked', async () =>
    (await account())['quotaPrimaryPercent'] === 22 ? true : undefined,
  );
  const id = String(stage.pool[0]?.['accountId']);
  const { json } = await stage.sidecar.admin('GET', `/api/accounts/${id}/quota`);
  expect(json).toMatchObject({ verdict: { kind: 'usable' }, poll: { failures: 0 }, raw: [{ source: 'poll' }] });
  expect(JSON.stringify(json['raw'])).not.toContain(stage.fake.account(0).email);
});
