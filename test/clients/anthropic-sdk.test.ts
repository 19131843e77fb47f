/** The official Anthropic SDK on the pool: messages, streams, tools, thinking that comes back, counts, and its own errors. */
import Anthropic, { APIError, BadRequestError, NotFoundError, RateLimitError } from '@anthropic-ai/sdk';
import { textAnswer, toolCallAnswer } from '../fakes/upstream/answers';
import type { Behaviour } from '../fakes/upstream/behaviour';
import { usageLimit } from '../fakes/upstream/error-faults';
import {
  itemAdded,
  itemDone,
  numbered,
  responseCompleted,
  responseCreated,
  responseFailed,
} from '../fakes/upstream/events';
import { toResponses } from '../fakes/upstream/recorder';
import { reply } from '../fakes/upstream/reply';
import { cutMidText } from '../fakes/upstream/stream-faults';
import { openStage, type Stage } from '../integration/harness/stage';

let stage: Stage;
let anthropic: Anthropic;

beforeAll(async () => {
  stage = await openStage();
  anthropic = new Anthropic({ baseURL: stage.sidecar.address, apiKey: 'any-key-on-loopback', maxRetries: 0 });
});
afterAll(() => stage.close());

const ASK = {
  model: 'claude-sonnet-4-6',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content: 'Say hello.' }],
};
const ADD = { name: 'add', input_schema: { type: 'object' as const, properties: { a: { type: 'number' } } } };
const next = (behaviour: Behaviour): void => {
  stage.fake.scripts.responses.next(behaviour);
};
const sent = (): unknown => stage.fake.requests(toResponses).at(-1)?.json;

async function thrownBy(call: Promise<unknown>): Promise<APIError> {
  const thrown: unknown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof APIError)) throw new Error('the SDK threw no APIError', { cause: thrown });
  return thrown;
}

test('a message has text, usage with the cache apart, and the model it was asked for', async () => {
  next(reply({ events: textAnswer(['Hel', 'lo'], { id: 'resp_a1' }) }));
  const message = await anthropic.messages.create({ ...ASK, system: 'Be brief.' });
  expect(message).toMatchObject({
    id: 'msg_a1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-6',
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 200, cache_read_input_tokens: 1000, output_tokens: 50 },
  });
  expect(sent()).toMatchObject({ model: 'gpt-5.5', instructions: 'Be brief.', store: false, stream: true });
});

test('a stream accumulates to the same message', async () => {
  next(reply({ events: textAnswer(['Hel', 'lo', ' you'], { id: 'resp_a2' }) }));
  const texts: string[] = [];
  const stream = anthropic.messages.stream(ASK).on('text', (text) => texts.push(text));
  const message = await stream.finalMessage();
  expect(texts).toEqual(['Hel', 'lo', ' you']);
  expect(message).toMatchObject({
    id: 'msg_a2',
    content: [{ type: 'text', text: 'Hello you' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 200, cache_read_input_tokens: 1000, output_tokens: 50 },
  });
});

test.each([false, true])('tools round trip, stream %s', async (stream) => {
  const call = { name: 'add', arguments: { a: 1 }, callId: 'call_add' };
  next(reply({ events: toolCallAnswer(call) }));
  const body = { ...ASK, tools: [ADD], tool_choice: { type: 'any' as const } };
  const message = stream ? await anthropic.messages.stream(body).finalMessage() : await anthropic.messages.create(body);
  expect(message.stop_reason).toBe('tool_use');
  expect(message.content).toMatchObject([{ type: 'tool_use', id: 'call_add', name: 'add', input: { a: 1 } }]);
  expect(sent()).toMatchObject({ tools: [{ type: 'function', name: 'add', strict: false }], tool_choice: 'required' });

  await anthropic.messages.create({
    ...body,
    messages: [
      ...ASK.messages,
      { role: 'assistant', content: message.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'call_add', content: [{ type: 'text', text: '2' }] }],
      },
    ],
  });
  expect(sent()).toMatchObject({
    input: [
      { role: 'user' },
      { type: 'function_call', call_id: 'call_add', name: 'add', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'call_add', output: '2' },
    ],
  });
});

/** A reasoning item with or without a readable summary, then a text. */
function thoughtful(summary: readonly string[]): ReturnType<typeof textAnswer> {
  const facts = { id: 'resp_t', model: 'gpt-5.5' };
  const parts = summary.map((text) => ({ type: 'summary_text', text }));
  const item = { type: 'reasoning', id: 'rs_1', summary: parts, encrypted_content: 'gAAAAAciphertext' };
  const place = { item_id: 'rs_1', output_index: 0 };
  const message = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    content: [{ type: 'output_text', text: 'Done.' }],
  };
  return numbered([
    responseCreated(facts),
    itemAdded(0, { ...item, summary: [], encrypted_content: '' }),
    ...summary.map((delta, summary_index) => ({
      type: 'response.reasoning_summary_text.delta',
      ...place,
      summary_index,
      delta,
    })),
    itemDone(0, item),
    itemAdded(1, { ...message, content: [] }),
    itemDone(1, message),
    responseCompleted(facts, undefined, [item, message]),
  ]);
}

const REASONING = { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAAAAciphertext' };

test.each([
  [false, ['First.', 'Second.'], 'thinking', [{ type: 'summary_text', text: 'First.\n\nSecond.' }]],
  [true, ['First.', 'Second.'], 'thinking', [{ type: 'summary_text', text: 'First.\n\nSecond.' }]],
  [false, [], 'redacted_thinking', []],
  [true, [], 'redacted_thinking', []],
])(
  'thinking goes out and comes back as the ciphertext it was: stream %s, summary %j',
  async (stream, summary, type, back) => {
    next(reply({ events: thoughtful(summary) }));
    const body = { ...ASK, thinking: { type: 'enabled' as const, budget_tokens: 10_000 }, max_tokens: 20_000 };
    const message = stream
      ? await anthropic.messages.stream(body).finalMessage()
      : await anthropic.messages.create(body);
    expect(message.content.map((block) => block.type)).toEqual([type, 'text']);
    expect(sent()).toMatchObject({
      reasoning: { effort: 'medium', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    });

    const history = [...ASK.messages, { role: 'assistant' as const, content: message.content }, ...ASK.messages];
    await anthropic.messages.create({ ...body, messages: history });
    expect(sent()).toMatchObject({
      input: [{ role: 'user' }, { ...REASONING, summary: back }, { role: 'assistant' }, { role: 'user' }],
    });
  },
);

test('reasoning stays unsaid to a client that did not ask for it', async () => {
  next(reply({ events: thoughtful(['First.']) }));
  const message = await anthropic.messages.create(ASK);
  expect(message.content.map((block) => block.type)).toEqual(['text']);
});

test('stop sequences end the text, and are named', async () => {
  next(reply({ events: textAnswer(['one E', 'ND two']) }));
  const message = await anthropic.messages.create({ ...ASK, stop_sequences: ['END'] });
  expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END', content: [{ text: 'one ' }] });
});

test('count_tokens answers without an upstream call and grows with the text', async () => {
  const before = stage.fake.requests(toResponses).length;
  const small = await anthropic.messages.countTokens({ model: ASK.model, messages: ASK.messages });
  const large = await anthropic.messages.countTokens({
    ...small,
    model: ASK.model,
    messages: [{ role: 'user', content: 'word '.repeat(1000) }],
  });
  expect(small.input_tokens).toBeGreaterThan(0);
  expect(large.input_tokens).toBeGreaterThan(1000);
  expect(large.input_tokens).toBeLessThan(2000);
  expect(stage.fake.requests(toResponses)).toHaveLength(before);
});

test('models.list and models.retrieve have Anthropic shape', async () => {
  const ids: string[] = [];
  for await (const model of anthropic.models.list()) ids.push(model.id);
  expect(ids).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.4-mini']);
  await expect(anthropic.models.retrieve('gpt-5.4')).resolves.toMatchObject({ type: 'model', id: 'gpt-5.4' });
});

test('errors are the SDK classes, in the envelope of Anthropic', async () => {
  const bad = await thrownBy(anthropic.messages.create({ ...ASK, messages: [] }));
  expect(bad).toBeInstanceOf(BadRequestError);
  expect(bad.error).toMatchObject({
    type: 'error',
    error: { type: 'invalid_request_error' },
    request_id: expect.any(String),
  });
  const missing = await thrownBy(anthropic.get('/v1/messages/batches'));
  expect(missing).toBeInstanceOf(NotFoundError);
  expect(missing.error).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  const wrongMethod = await thrownBy(anthropic.get('/v1/messages'));
  expect(wrongMethod).toMatchObject({ status: 405, error: { type: 'error' } });
});

test('a stream that breaks or fails in the middle throws and has no message_stop', async () => {
  for (const behaviour of [
    cutMidText(),
    reply({ events: [...textAnswer().slice(0, 6), responseFailed('invalid_prompt', 'No.')] }),
  ]) {
    next(behaviour);
    const seen: string[] = [];
    const read = (async (): Promise<void> => {
      for await (const event of await anthropic.messages.create({ ...ASK, stream: true })) seen.push(event.type);
    })();
    await expect(read).rejects.toBeInstanceOf(APIError);
    expect(seen).toContain('content_block_delta');
    expect(seen).not.toContain('message_stop');
  }
});

// Last: the account rests afterwards.
test.each([false, true])('an exhausted pool is a RateLimitError, stream %s', async (stream) => {
  stage.fake.account(0).responses.always(usageLimit({ resetsInSeconds: 3600 }));
  const error = await thrownBy(anthropic.messages.create({ ...ASK, stream }));
  stage.fake.account(0).responses.clear();
  expect(error).toBeInstanceOf(RateLimitError);
  expect(error.error).toMatchObject({ error: { type: 'rate_limit_error' } });
});
