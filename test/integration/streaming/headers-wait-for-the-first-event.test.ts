/** The response head is held until upstream's first event, so that a failure before it is an honest status (design §11 "Errors before the first byte"). */
import { HeldReply } from '../../fakes/upstream/held-reply';
import { toResponses } from '../../fakes/upstream/recorder';
import { cutBeforeCreated, failedInStream } from '../../fakes/upstream/stream-faults';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ env: { TIGHTROPE_SSE_KEEPALIVE_MS: '600000' } });
});
afterEach(() => stage.close());

test.each(RESPONSE_ROUTES)('$path: a 200 that breaks before any event is a 502 in JSON', async ({ path, body }) => {
  stage.fake.account(0).responses.always(cutBeforeCreated());
  const answer = await stage.sidecar.post(path, body());
  expect(answer.status).toBe(502);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  expect(errorOf(answer)).toMatchObject({ type: 'server_error', message: expect.any(String) as string });
});

test.each(RESPONSE_ROUTES)('$path: a rejection inside the 200 is told as upstream told it', async ({ path, body }) => {
  // Codex compacts on this code only when it comes as `response.failed` (codex-wire 2.4).
  stage.fake.account(0).responses.always(failedInStream('context_length_exceeded', 'Too long.', { created: false }));
  const stream = await stage.sidecar.stream(path, body());
  const events = (await stream.rest()).map(jsonOf);
  expect(events).toMatchObject([
    { type: 'response.failed', response: { error: { code: 'context_length_exceeded', message: 'Too long.' } } },
  ]);
  const collected = await stage.sidecar.post(path, body({ stream: false }));
  // As the public API does it: the response object itself says that it failed (proxy 4.4).
  expect(collected.status).toBe(200);
  expect(collected.json).toMatchObject({ status: 'failed', error: { code: 'context_length_exceeded' } });
});

test('upstream headers alone release nothing: the head comes with the first event', async () => {
  const held = new HeldReply();
  stage.fake.account(0).responses.next(held.behaviour);
  let released = false;
  const opening = stage.sidecar.stream('/backend-api/codex/responses', RESPONSE_ROUTES[1].body()).then((stream) => {
    released = true;
    return stream;
  });
  await held.sendHead();
  // A whole other turn through the same process is ample time for a head to get out.
  await stage.sidecar.post('/backend-api/codex/responses', RESPONSE_ROUTES[1].body());
  expect(stage.fake.requests(toResponses)).toHaveLength(2);
  expect(released).toBe(false);
  await held.finish();
  expect((await opening).answer.status).toBe(200);
  await (await opening).rest();
});
