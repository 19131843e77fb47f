/** The official OpenAI SDK streams, collects, lists models and sees errors in its own classes (issue "It must show"). */
import OpenAI, { APIError, BadRequestError, NotFoundError, RateLimitError } from 'openai';
import { textAnswer, toolCallAnswer } from '../fakes/upstream/answers';
import { rateLimitsEvent } from '../fakes/upstream/events';
import { payloadRejected, usageLimit } from '../fakes/upstream/error-faults';
import { HeldReply } from '../fakes/upstream/held-reply';
import { toResponses } from '../fakes/upstream/recorder';
import { reply } from '../fakes/upstream/reply';
import { cutMidText } from '../fakes/upstream/stream-faults';
import { within } from '../integration/harness/eventually';
import { openStage, type Stage } from '../integration/harness/stage';

let stage: Stage;
let openai: OpenAI;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
  openai = new OpenAI({ baseURL: `${stage.sidecar.address}/v1`, apiKey: 'any-key-on-loopback', maxRetries: 0 });
});
afterEach(() => stage.close());

const ASK = { model: 'gpt-5.5', input: 'Say hello.' } as const;

test('a stream arrives event by event', async () => {
  const held = new HeldReply({ events: [rateLimitsEvent(10), ...textAnswer(['Hel', 'lo'])] });
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = openai.responses.create({ ...ASK, stream: true });
  await held.sendNext();
  await held.sendNext();
  const stream = await within('the head of the stream', opening);
  const types: string[] = [];
  for await (const event of stream) {
    types.push(event.type);
    if (held.remaining > 0) await held.sendNext();
    else await held.end();
  }
  expect(types).toEqual(held.events.slice(1).map((event) => event.type));
});

test('the stream helper puts the answer together', async () => {
  stage.fake.scripts.responses.next(reply({ events: textAnswer(['Hel', 'lo', ' you']) }));
  const final = await openai.responses.stream(ASK).finalResponse();
  expect(final.output_text).toBe('Hello you');
  expect(final.usage?.total_tokens).toBe(1250);
});

test('a collected answer has text, usage and items', async () => {
  stage.fake.scripts.responses.next(reply({ events: textAnswer(['Hel', 'lo'], { id: 'resp_sdk_1' }) }));
  const answer = await openai.responses.create(ASK);
  expect(answer).toMatchObject({ id: 'resp_sdk_1', status: 'completed', output_text: 'Hello' });
  expect(answer.usage).toMatchObject({ input_tokens: 1200, output_tokens: 50 });
});

test('parameters that the backend does not know are kept from it', async () => {
  const answer = await openai.responses.create({
    ...ASK,
    instructions: 'Be brief.',
    temperature: 0.2,
    top_p: 0.9,
    max_output_tokens: 100,
    metadata: { a: 'b' },
    store: true,
    truncation: 'auto',
    user: 'somebody',
  });
  expect(answer.status).toBe('completed');
  const [request] = stage.fake.requests(toResponses);
  expect(request?.json).toMatchObject({ model: 'gpt-5.5', instructions: 'Be brief.', store: false, stream: true });
  expect(Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-stainless-'))).toEqual([]);
  expect(request?.headers['user-agent']).toMatch(/^tightrope\//);
});

test('tools round trip', async () => {
  const call = { name: 'add', arguments: { a: 1, b: 2 }, callId: 'call_add' };
  stage.fake.scripts.responses.next(reply({ events: toolCallAnswer(call) }));
  const tool = {
    type: 'function',
    name: 'add',
    parameters: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } } },
    strict: false,
  } as const;
  const first = await openai.responses.create({ ...ASK, tools: [tool] });
  const [item] = first.output;
  expect(item).toMatchObject({ type: 'function_call', name: 'add', call_id: 'call_add' });
  const second = await openai.responses.create({
    ...ASK,
    tools: [tool],
    input: [
      { role: 'user', content: 'Add.' },
      { type: 'function_call', name: 'add', arguments: '{"a":1,"b":2}', call_id: 'call_add' },
      { type: 'function_call_output', call_id: 'call_add', output: '3' },
    ],
  });
  expect(second.output_text).toBe('Hello from upstream');
});

test('models.list', async () => {
  const ids: string[] = [];
  for await (const model of openai.models.list()) ids.push(model.id);
  expect(ids).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini']);
});

/** What the SDK throws, as its own error class. */
async function thrownBy(call: Promise<unknown>): Promise<APIError> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof APIError)) throw new Error('the SDK threw no APIError', { cause: thrown });
  return thrown;
}

test('a rejected payload is a BadRequestError with code, param and request id', async () => {
  stage.fake.scripts.responses.next(payloadRejected("Invalid value: 'banana'.", 'input[0].role'));
  const error = await thrownBy(openai.responses.create(ASK));
  expect(error).toBeInstanceOf(BadRequestError);
  expect(error).toMatchObject({
    status: 400,
    code: 'invalid_value',
    param: 'input[0].role',
    type: 'invalid_request_error',
  });
  expect(error.message).toContain("Invalid value: 'banana'.");
  expect(error.requestID).toEqual(expect.any(String));
});

test.each([true, false])('an exhausted pool is a RateLimitError with Retry-After, stream %s', async (stream) => {
  stage.fake.scripts.responses.always(usageLimit({ resetsInSeconds: 3600 }));
  const error = await thrownBy(openai.responses.create({ ...ASK, stream }));
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error).toMatchObject({ status: 429, code: 'usage_limit_reached' });
  expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(3500);
});

test('an unknown route is a NotFoundError', async () => {
  const error = await thrownBy(openai.embeddings.create({ model: 'x', input: 'y' }));
  expect(error).toBeInstanceOf(NotFoundError);
  expect(error.code).toBe('not_found');
});

test('a stream that breaks is told as response.failed, not as silence', async () => {
  stage.fake.scripts.responses.next(cutMidText());
  const seen: unknown[] = [];
  for await (const event of await openai.responses.create({ ...ASK, stream: true })) seen.push(event);
  expect(seen.at(-1)).toMatchObject({ type: 'response.failed', response: { error: { code: 'stream_incomplete' } } });
});

test('leaving a stream ends the upstream call', async () => {
  const held = new HeldReply();
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = openai.responses.create({ ...ASK, stream: true });
  await held.sendNext();
  const stream = await opening;
  stream.controller.abort();
  const request = await held.arrived;
  await expect(within('the end of the upstream call', request.ended)).resolves.toBe('client_closed');
});
