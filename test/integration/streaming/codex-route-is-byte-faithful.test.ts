/** `/backend-api/codex/responses` hands every byte on as upstream sent it; `/v1/responses` gives strict OpenAI events (issue point 6). */
import { textAnswer } from '../../fakes/upstream/answers';
import { frameEvent, type Framing } from '../../fakes/upstream/event-framing';
import { rateLimitsEvent, type FakeEvent } from '../../fakes/upstream/events';
import { reply } from '../../fakes/upstream/reply';
import { codexBody, openAiBody } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A text answer with vendor events at the places where they were seen. */
function withVendorEvents(): FakeEvent[] {
  const [created, ...rest] = textAnswer(['naïve \u2028', ' 語 🧗']);
  if (created === undefined) throw new Error('a text answer starts with response.created');
  const metadata = { type: 'response.metadata', headers: { 'openai-model': 'gpt-5.5' }, metadata: {} };
  return [rateLimitsEvent(22), created, metadata, ...rest];
}

const FRAMINGS: readonly Framing[] = [{}, { lineEnding: '\r\n' }, { lineEnding: '\r' }, { eventLine: false }];

test.each(FRAMINGS)('the Codex route keeps framing %j byte for byte', async (framing) => {
  const events = withVendorEvents();
  stage.fake.account(0).responses.next(reply({ events, framing }));
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', codexBody());
  await stream.rest();
  expect(stream.bytes.toString()).toBe(Buffer.concat(events.map((event) => frameEvent(event, framing))).toString());
});

test('odd spacing and unknown fields inside an event pass the Codex route untouched', async () => {
  const wire =
    'event: response.created\nid: 7\ndata: { "type" : "response.created" ,"response":{"id":"resp_x"} , "new":[1.0,2e3] }\n\n';
  const completed =
    'event: response.completed\ndata: {"type":"response.completed","response":{"id":"resp_x","status":"completed"}}\n\n';
  stage.fake.account(0).responses.next(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(wire + completed);
  });
  const stream = await stage.sidecar.stream('/backend-api/codex/responses', codexBody());
  await stream.rest();
  expect(stream.bytes.toString()).toBe(wire + completed);
});

test('/v1 shows no vendor events and names every event', async () => {
  const events = withVendorEvents();
  stage.fake.account(0).responses.next(reply({ events, framing: { eventLine: false } }));
  const stream = await stage.sidecar.stream('/v1/responses', openAiBody());
  const received = (await stream.rest()).filter((event) => event.kind === 'event');
  expect(received.map((event) => event.name)).toEqual(received.map((event) => jsonOf(event).type));
  const standard = events.filter((event) => !event.type.startsWith('codex.') && event.type !== 'response.metadata');
  expect(received.map(jsonOf)).toEqual(standard);
});
