/** A client sees each event before the next one is sent (design §3.8): nothing is gathered up on the way. */
import { HeldReply } from '../../fakes/upstream/held-reply';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { within } from '../harness/eventually';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test.each(RESPONSE_ROUTES)('$path shows each event before the next is released', async ({ path, body }) => {
  const held = new HeldReply();
  stage.fake.account(0).responses.next(held.behaviour);
  const opening = stage.sidecar.stream(path, body());
  await held.sendNext();
  const stream = await within('the response head after the first event', opening);
  expect(stream.answer.status).toBe(200);
  expect(stream.answer.headers['content-type']).toMatch(/^text\/event-stream/);
  for (const [index, event] of held.events.entries()) {
    if (index > 0) await held.sendNext();
    const seen = await within(`event ${index} (${event.type}) before event ${index + 1} is sent`, stream.next());
    expect(jsonOf(seen)).toEqual(event);
  }
  await held.end();
  expect(await stream.next()).toBeNull();
});

test('answers carry the request id, the account and headers that keep proxies from buffering', async () => {
  const stream = await stage.sidecar.stream('/v1/responses', RESPONSE_ROUTES[0].body(), {
    'x-request-id': 'req-head-1',
  });
  await stream.rest();
  expect(stream.answer.headers).toMatchObject({
    'x-request-id': 'req-head-1',
    'x-tightrope-routed-account-id': stage.pool[0]?.['accountId'],
    'cache-control': expect.stringContaining('no-cache') as string,
  });
});
