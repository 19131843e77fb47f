/** The official OpenAI SDK's chat completions: whole, streamed, with tools, parsed, and failing as its own errors. */
import OpenAI, { APIError, BadRequestError, RateLimitError } from 'openai';
import { textAnswer, toolCallAnswer } from '../fakes/upstream/answers';
import type { Behaviour } from '../fakes/upstream/behaviour';
import { usageLimit } from '../fakes/upstream/error-faults';
import { responseFailed, responseIncomplete } from '../fakes/upstream/events';
import { toResponses } from '../fakes/upstream/recorder';
import { reply } from '../fakes/upstream/reply';
import { cutMidText } from '../fakes/upstream/stream-faults';
import { openStage, type Stage } from '../integration/harness/stage';

let stage: Stage;
let openai: OpenAI;

beforeAll(async () => {
  stage = await openStage();
  openai = new OpenAI({ baseURL: `${stage.sidecar.address}/v1`, apiKey: 'any-key-on-loopback', maxRetries: 0 });
});
afterAll(() => stage.close());

const ASK = { model: 'gpt-5.5', messages: [{ role: 'user' as const, content: 'Say hello.' }] };
const ADD = {
  type: 'function' as const,
  function: {
    name: 'add',
    strict: true,
    parameters: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
  },
};
const next = (behaviour: Behaviour): void => {
  stage.fake.scripts.responses.next(behaviour);
};

async function thrownBy(call: Promise<unknown>): Promise<APIError> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof APIError)) throw new Error('the SDK threw no APIError', { cause: thrown });
  return thrown;
}

test('a whole answer has text, usage with details, and the upstream id', async () => {
  next(reply({ events: textAnswer(['Hel', 'lo'], { id: 'resp_chat_1' }) }));
  const answer = await openai.chat.completions.create({
    ...ASK,
    temperature: 0.5,
    max_tokens: 20,
    seed: 1,
    user: 'me',
  });
  expect(answer).toMatchObject({ id: 'resp_chat_1', object: 'chat.completion', model: 'gpt-5.5' });
  expect(answer.choices).toEqual([
    {
      index: 0,
      finish_reason: 'stop',
      logprobs: null,
      message: { role: 'assistant', content: 'Hello', refusal: null, annotations: [] },
    },
  ]);
  expect(answer.usage).toMatchObject({
    prompt_tokens: 1200,
    completion_tokens: 50,
    total_tokens: 1250,
    prompt_tokens_details: { cached_tokens: 1000 },
    completion_tokens_details: { reasoning_tokens: 20 },
  });
});

test('a stream arrives in chunks with one id, and usage when it is asked for', async () => {
  next(reply({ events: textAnswer(['Hel', 'lo'], { id: 'resp_chat_2' }) }));
  const chunks = [];
  const stream = await openai.chat.completions.create({
    ...ASK,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
    { role: 'assistant', content: '' },
    { content: 'Hel' },
    { content: 'lo' },
    {},
    undefined,
  ]);
  expect(new Set(chunks.map((chunk) => chunk.id))).toEqual(new Set(['resp_chat_2']));
  expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, 'stop', undefined]);
  expect(chunks.map((chunk) => chunk.usage?.total_tokens)).toEqual([undefined, undefined, undefined, undefined, 1250]);
});

test('tools round trip, whole and by the stream helper', async () => {
  const call = { name: 'add', arguments: { a: 1 }, callId: 'call_add' };
  next(reply({ events: toolCallAnswer(call, { reasoning: true }) }));
  const first = await openai.chat.completions.create({ ...ASK, tools: [ADD] });
  const message = first.choices[0]?.message;
  const wanted = [{ id: 'call_add', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }];
  expect(message).toMatchObject({ content: null, tool_calls: wanted });
  expect(first.choices[0]?.finish_reason).toBe('tool_calls');

  next(reply({ events: toolCallAnswer(call) }));
  const streamed = await openai.chat.completions.stream({ ...ASK, tools: [ADD] }).finalChatCompletion();
  expect(streamed.choices[0]?.message.tool_calls).toMatchObject(wanted);

  if (message === undefined) throw new Error('there is no message');
  await openai.chat.completions.create({
    ...ASK,
    tools: [ADD],
    messages: [...ASK.messages, message, { role: 'tool', tool_call_id: 'call_add', content: '2' }],
  });
  expect(stage.fake.requests(toResponses).at(-1)?.json).toMatchObject({
    tools: [{ type: 'function', name: 'add', strict: true }],
    input: [
      { role: 'user' },
      { type: 'function_call', call_id: 'call_add', name: 'add', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'call_add', output: '2' },
    ],
  });
});

test('parse gives the object of a schema', async () => {
  next(reply({ events: textAnswer(['{"city":', '"Oslo"}']) }));
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  };
  const answer = await openai.chat.completions.parse({
    ...ASK,
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
  });
  expect(answer.choices[0]?.message.parsed).toEqual({ city: 'Oslo' });
  expect(stage.fake.requests(toResponses).at(-1)?.json).toMatchObject({
    text: { format: { type: 'json_schema', name: 'place', strict: true, schema } },
  });
});

test('a stop sequence ends the text in front of it', async () => {
  next(reply({ events: textAnswer(['one E', 'N', 'D two']) }));
  const answer = await openai.chat.completions.create({ ...ASK, stop: ['END'] });
  expect(answer.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one ' } });
});

test.each([
  ['max_output_tokens', 'length'],
  ['content_filter', 'content_filter'],
])('an answer cut short by %s says %s', async (reason, finish) => {
  next(
    reply({
      events: [...textAnswer(['Hel']).slice(0, -1), responseIncomplete({ id: 'resp_cut', model: 'gpt-5.5' }, reason)],
    }),
  );
  const answer = await openai.chat.completions.create(ASK);
  expect(answer.choices[0]).toMatchObject({ finish_reason: finish, message: { content: 'Hel' } });
});

test.each([
  ['n', { n: 2 }],
  [
    'messages',
    {
      messages: [
        {
          role: 'user' as const,
          content: [{ type: 'input_audio' as const, input_audio: { data: '', format: 'mp3' as const } }],
        },
      ],
    },
  ],
  [
    'response_format',
    { response_format: { type: 'json_schema' as const, json_schema: { name: 'not a name', schema: {} } } },
  ],
])('a body with a wrong %s is a BadRequestError that names it, before any upstream call', async (param, more) => {
  const before = stage.fake.requests(toResponses).length;
  for (const stream of [false, true]) {
    const error = await thrownBy(openai.chat.completions.create({ ...ASK, ...more, stream }));
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, param, type: 'invalid_request_error' });
  }
  expect(stage.fake.requests(toResponses)).toHaveLength(before);
});

test.each([false, true])('a failed response before any output is an HTTP error, stream %s', async (stream) => {
  next(reply({ events: [...textAnswer().slice(0, 2), responseFailed('context_length_exceeded', 'Too long.')] }));
  const error = await thrownBy(openai.chat.completions.create({ ...ASK, stream }));
  expect(error).toMatchObject({ status: 400, code: 'context_length_exceeded' });
});

test('a stream that breaks or fails in the middle throws, and never ends as stop', async () => {
  for (const behaviour of [
    cutMidText(),
    reply({ events: [...textAnswer().slice(0, 6), responseFailed('invalid_prompt', 'No.')] }),
  ]) {
    next(behaviour);
    const seen: unknown[] = [];
    const stream = await openai.chat.completions.create({ ...ASK, stream: true });
    const read = (async (): Promise<void> => {
      for await (const chunk of stream) seen.push(chunk.choices[0]?.finish_reason);
    })();
    await expect(read).rejects.toBeInstanceOf(APIError);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).not.toContain('stop');
  }
});

test.each([true, false])('an exhausted pool is a RateLimitError, stream %s', async (stream) => {
  stage.fake.account(0).responses.always(usageLimit({ resetsInSeconds: 3600 }));
  const error = await thrownBy(openai.chat.completions.create({ ...ASK, stream }));
  stage.fake.account(0).responses.clear();
  expect(error).toBeInstanceOf(RateLimitError);
});
