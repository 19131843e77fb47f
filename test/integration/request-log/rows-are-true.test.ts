/** A row says what happened: tokens, cost, times, attempts, who served and who is to blame (issue point 9; proxy 11.1). */
import { textAnswer } from '../../fakes/upstream/answers';
import { payloadRejected, serverError, usageLimit } from '../../fakes/upstream/error-faults';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { cutMidText } from '../../fakes/upstream/stream-faults';
import { reply } from '../../fakes/upstream/reply';
import { codexBody, openAiBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const USAGE = { input: 100_000, cached: 60_000, output: 2000, reasoning: 500 };

async function turn(
  id: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Json> {
  await stage.sidecar.post(path, body, { 'x-request-id': id, ...headers });
  return stage.sidecar.logRow(id);
}

test('a streamed turn of a Codex client', async () => {
  const before = Date.now();
  stage.fake.scripts.responses.next(reply({ events: textAnswer(['Hi'], { id: 'resp_row_1', usage: USAGE }) }));
  const row = await turn('row-1', '/backend-api/codex/responses', codexBody('hi', { service_tier: 'priority' }), {
    'user-agent': 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) unknown (codex_exec; 0.169.0)',
    'session-id': '01a2025c-92cb-72c0-885f-c6b031272d97',
  });
  expect(row).toMatchObject({
    requestId: 'row-1',
    method: 'POST',
    path: '/backend-api/codex/responses',
    statusCode: 200,
    model: 'gpt-5.5',
    reasoningEffort: 'medium',
    stream: true,
    transport: 'http',
    upstreamTransport: 'http',
    inputTokens: 100_000,
    cachedTokens: 60_000,
    outputTokens: 2000,
    reasoningTokens: 500,
    totalTokens: 102_000,
    errorCode: null,
    errorClass: null,
    responseId: 'resp_row_1',
    sessionId: '01a2025c-92cb-72c0-885f-c6b031272d97',
    client: 'codex_exec/0.169.0',
    attempts: 1,
  });
  expect(stage.pool.map((account) => account['accountId'])).toContain(row['accountId']);
  expect(row['requestedAtMs']).toBeGreaterThanOrEqual(before);
  expect(row['requestedAt']).toBe(new Date(Number(row['requestedAtMs'])).toISOString());
  expect(Number(row['firstTokenMs'])).toBeLessThanOrEqual(Number(row['latencyMs']));
  expect(Number(row['bytesDown'])).toBeGreaterThan(500);
  expect(row['attemptLog']).toMatchObject([{ accountId: row['accountId'], status: 200, code: null, blame: null }]);
});

test('the cost is what the price table says', async () => {
  const events = textAnswer(['Hi'], { model: 'gpt-5.4', usage: USAGE });
  stage.fake.scripts.responses.next(reply({ events }));
  const row = await turn('cost-1', '/v1/responses', openAiBody({ model: 'gpt-5.4', stream: false }));
  // 40,000 × 2.50 + 60,000 × 0.25 + 2,000 × 15 USD per million (spec proxy 10.6).
  expect(row['totalCostUsd']).toBeCloseTo(0.1 + 0.015 + 0.03, 9);
});

test('a model without a price has no cost, not a cost of 0', async () => {
  const row = await turn('cost-2', '/v1/responses', openAiBody({ model: 'nobody-knows', stream: false }));
  expect(row).toMatchObject({ model: 'nobody-knows', totalCostUsd: null, totalTokens: 1250 });
});

test('the first token is timed when it is handed over, not at the end', async () => {
  const held = new HeldReply();
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = stage.sidecar.stream('/v1/responses', openAiBody(), { 'x-request-id': 'first-token' });
  while (held.remaining > 2) await held.sendNext();
  const stream = await opening;
  await stream.next();
  const seenAt = Date.now();
  // The rest is sent a measurable time later: whole turns on the other account pass first.
  for (let index = 0; index < 10; index += 1) await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const restAt = Date.now();
  await held.finish();
  await stream.rest();
  const row = await stage.sidecar.logRow('first-token');
  expect(Number(row['latencyMs']) - Number(row['firstTokenMs'])).toBeGreaterThanOrEqual(restAt - seenAt - 20);
});

test.each([
  {
    name: 'rejected payload',
    fault: payloadRejected(),
    status: 400,
    errorCode: 'invalid_value',
    errorClass: 'payload',
    attempts: 1,
  },
  {
    name: 'all limited',
    fault: usageLimit(),
    status: 429,
    errorCode: 'usage_limit_reached',
    errorClass: 'account',
    attempts: 2,
  },
  {
    name: 'upstream down',
    fault: serverError(503),
    status: 503,
    errorCode: 'server_error',
    errorClass: 'upstream',
    attempts: 2,
  },
])('$name', async ({ fault, status, errorCode, errorClass, attempts }) => {
  stage.fake.scripts.responses.always(fault);
  const row = await turn('bad-1', '/v1/responses', openAiBody());
  expect(row).toMatchObject({ errorCode, errorClass });
  expect(row['statusCode']).toBeGreaterThanOrEqual(Math.min(status, 500));
  expect((row['attemptLog'] as unknown[]).length).toBeGreaterThanOrEqual(attempts);
  expect(row['inputTokens']).toBeNull();
});

test('a stream that failed after its 200 says so', async () => {
  stage.fake.scripts.responses.next(cutMidText());
  const row = await turn('cut-1', '/backend-api/codex/responses', codexBody());
  expect(row).toMatchObject({ statusCode: 200, errorCode: 'stream_incomplete' });
});

test('what is refused before upstream leaves a row as well', async () => {
  expect(await turn('refused-1', '/v1/responses', { model: 5 })).toMatchObject({
    statusCode: 400,
    errorCode: 'invalid_request_error',
    errorClass: 'client',
    accountId: null,
    attempts: 0,
  });
});
