/** The fake streams like upstream and can be stepped event by event. */
import { textAnswer } from '../../fakes/upstream/answers';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { cutHalfEvent } from '../../fakes/upstream/stream-faults';
import { openEventStream, type EventStream } from '../harness/sse-client';
import { jsonOf } from '../harness/sse-parser';

let fake: FakeUpstream;

beforeEach(async () => {
  fake = await startFakeUpstream();
});
afterEach(() => fake.close());

const BODY = { model: 'gpt-5.5', input: [], store: false, stream: true };

function post(body: object = BODY): Promise<EventStream> {
  const { accessToken } = fake.account(0).login.current;
  return openEventStream(`${fake.address}/backend-api/codex/responses`, {
    headers: {
      authorization: `Bearer ${accessToken}`,
      'chatgpt-account-id': fake.account(0).chatgptAccountId,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
}

test('an unscripted call streams a complete text answer', async () => {
  const stream = await post();
  const events = (await stream.rest()).map(jsonOf);
  expect(stream.answer.status).toBe(200);
  expect(events[0]?.type).toBe('response.created');
  expect(events.at(-1)?.type).toBe('response.completed');
});

test('each event of a held reply is seen before the next one is released', async () => {
  const held = new HeldReply();
  fake.account(0).responses.next(held.behaviour);
  const pending = post();
  await held.arrived;
  await held.sendHead();
  const stream = await pending;
  for (const event of held.events) {
    await held.sendNext();
    expect(jsonOf(await stream.next())).toEqual(event);
  }
  await held.end();
  expect(await stream.next()).toBeNull();
});

test('byte-sized chunks with CRLF, without event lines, keep text and separators whole', async () => {
  const events = textAnswer(['naïve \u2028 ', '語\u2029 and 🧗']);
  fake.account(0).responses.next(reply({ events, chunkBytes: 1, framing: { lineEnding: '\r\n', eventLine: false } }));
  const received = await (await post()).rest();
  expect(received.map(jsonOf)).toEqual(events);
  expect(received.every((event) => event.name === '')).toBe(true);
});

test('half an event breaks the connection in the middle of the body', async () => {
  fake.account(0).responses.next(cutHalfEvent());
  const stream = await post();
  await expect(stream.rest()).rejects.toThrow();
  const [request] = fake.requests(toResponses);
  await expect(request?.ended).resolves.toBe('cut_by_fake');
});

test('a client that leaves is recorded as having left', async () => {
  const held = new HeldReply();
  fake.account(0).responses.next(held.behaviour);
  const pending = post();
  await held.sendNext();
  (await pending).abort();
  await expect((await held.arrived).ended).resolves.toBe('client_closed');
});

test.each([
  [{ ...BODY, store: true }, 'Store must be set to false'],
  [{ ...BODY, stream: false }, 'Stream must be set to true'],
  [{ ...BODY, temperature: 1 }, 'Unsupported parameter: temperature'],
  [{ ...BODY, max_output_tokens: 5 }, 'Unsupported parameter: max_output_tokens'],
])('a body that upstream refuses is refused: %j', async (body, detail) => {
  const stream = await post(body);
  expect(stream.answer.status).toBe(400);
  await stream.rest();
  expect(JSON.parse(stream.bytes.toString())).toEqual({ detail });
});
