/** Once the client has seen output nothing is replayed: the stream ends honestly and no other account is asked (design §3.6). */
import { textAnswer } from '../../fakes/upstream/answers';
import { responseFailed, type FakeEvent } from '../../fakes/upstream/events';
import { toResponses } from '../../fakes/upstream/recorder';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { cutMidText } from '../../fakes/upstream/stream-faults';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 3 });
});
afterEach(() => stage.close());

const types = (events: readonly FakeEvent[]): string[] => events.map((event) => event.type);

test.each(RESPONSE_ROUTES)('$path: a break in the middle of the text', async ({ path, body }) => {
  stage.fake.scripts.responses.next(cutMidText());
  const stream = await stage.sidecar.stream(path, body());
  const events = (await stream.rest()).map(jsonOf);
  const deltas = events.filter((event) => event.type === 'response.output_text.delta');
  expect(deltas.map((event) => event['delta'])).toEqual(['Hello']);
  expect(types(events).filter((type) => type === 'response.created')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('response.failed');
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});

test.each(RESPONSE_ROUTES)('$path: an upstream failure after some text is handed on, once', async ({ path, body }) => {
  const failed = responseFailed('server_is_overloaded', 'Our servers are currently overloaded.', 'resp_late');
  const events = [...textAnswer(['Hello'], { id: 'resp_late' }).slice(0, 5), failed];
  const held = new HeldReply({ events });
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = stage.sidecar.stream(path, body());
  const received: FakeEvent[] = [];
  for (const event of events) {
    await held.sendNext();
    // Seen before the failure is sent: what was never shown may still be replaced.
    if (event.type === 'response.output_text.delta') {
      while (received.length < events.length - 1) received.push(jsonOf(await (await opening).next()));
    }
  }
  await held.end();
  received.push(...(await (await opening).rest()).map(jsonOf));
  expect(received).toEqual(events);
  expect(received.at(-1)).toMatchObject({ response: { error: { code: 'server_is_overloaded' } } });
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});
