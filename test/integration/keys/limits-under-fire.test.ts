/** Limits while many turns run at once: requests exactly, tokens and cost by reservation (issue "It must show", design §11). */
import { payloadRejected } from '../../fakes/upstream/error-faults';
import { Gate } from '../../fakes/upstream/gate';
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import { errorOf, type Json, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3 });
});
afterEach(() => stage.close());

async function makeKey(limit: Json): Promise<string> {
  const made = await stage.sidecar.admin('POST', '/api/api-keys', { name: 'x', limits: [limit] });
  expect(made.status).toBe(201);
  return String(made.json['key']);
}
function ask(secret: string): Promise<WholeAnswer> {
  return stage.sidecar.post('/backend-api/codex/responses', codexBody(), { 'x-api-key': secret });
}
async function limit(): Promise<Json> {
  const [key] = (await stage.sidecar.admin('GET', '/api/api-keys')).json as unknown as readonly { limits: Json[] }[];
  return key?.limits[0] ?? {};
}
/** All at once, while nothing upstream ends before every one of them was let in or refused. */
async function fire(secret: string, count: number): Promise<{ readonly served: number; readonly refused: number }> {
  const gates: Gate[] = [];
  stage.fake.scripts.responses.decide(() => {
    const gate = new Gate();
    gates.push(gate);
    return gate.behaviour;
  });
  let refused = 0;
  const answers = Array.from({ length: count }, async () => {
    const answer = await ask(secret);
    if (answer.status === 429) refused += 1;
    return answer.status;
  });
  await eventually('every turn is in or out', () => gates.length + refused === count || undefined, 30_000);
  const held = await limit();
  expect(held['reservedValue']).toBeGreaterThan(0);
  for (const gate of gates) gate.open();
  const statuses = await Promise.all(answers);
  return { served: statuses.filter((status) => status === 200).length, refused };
}

test('200 parallel requests against a limit of 20 let exactly 20 through', async () => {
  const secret = await makeKey({ limitType: 'requests', limitWindow: 'five_hour', maxValue: 20 });
  expect(await fire(secret, 200)).toEqual({ served: 20, refused: 180 });
  expect(stage.fake.requests(toResponses)).toHaveLength(20);
  const { resetAtMs, ...after } = await limit();
  expect(after).toMatchObject({ currentValue: 20, reservedValue: 0 });
  const refused = await ask(secret);
  const seconds = Number(errorOf(refused)['resets_in_seconds']);
  expect([refused.status, errorOf(refused)]).toEqual([
    429,
    expect.objectContaining({
      code: 'api_key_limit_exceeded',
      type: 'usage_limit_reached',
      limit_type: 'requests',
      limit_window: 'five_hour',
      resets_at: Math.ceil(Number(resetAtMs) / 1000),
    }),
  ]);
  expect(refused.headers['retry-after']).toBe(String(seconds));
  expect(seconds).toBeGreaterThan(17_900);
  expect(seconds).toBeLessThanOrEqual(18_000);
}, 60_000);

test('a failed request gives its place back', async () => {
  const secret = await makeKey({ limitType: 'requests', limitWindow: 'daily', maxValue: 1 });
  stage.fake.scripts.responses.next(payloadRejected());
  expect((await ask(secret)).status).toBe(400);
  expect((await ask(secret)).status).toBe(200);
  expect((await ask(secret)).status).toBe(429);
});

test.each([
  // Every turn of the fake uses 1250 tokens; some 4200 are held for each until then.
  ['total_tokens', 9000, 1250],
  // 1200 input tokens, 1000 of them cached, and 50 output tokens of gpt-5.5 cost 5, 0.5 and 30 USD per million.
  ['cost_usd', 0.28, 0.003],
] as const)(
  '%s: turns in flight hold their estimates, counters end at what was used',
  async (limitType, maxValue, each) => {
    const secret = await makeKey({ limitType, limitWindow: 'weekly', maxValue });
    const { served } = await fire(secret, 50);
    expect(served).toBe(3);
    const after = await limit();
    expect(after['reservedValue']).toBe(0);
    expect(after['currentValue']).toBeCloseTo(3 * each, 6);
  },
);

test('one after the other, a token limit is passed by the last turn alone', async () => {
  const secret = await makeKey({ limitType: 'output_tokens', limitWindow: 'monthly', maxValue: 120 });
  const statuses: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) statuses.push((await ask(secret)).status);
  expect(statuses).toEqual([200, 200, 200, 429, 429]);
  expect(await limit()).toMatchObject({ currentValue: 150, reservedValue: 0 });
});
