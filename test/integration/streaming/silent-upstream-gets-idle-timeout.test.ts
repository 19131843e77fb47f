/** A stream that falls silent ends with `stream_idle_timeout`, however often keepalives were sent (design §11, proxy 4.6). */
import { toResponses } from '../../fakes/upstream/recorder';
import { noAnswer } from '../../fakes/upstream/error-faults';
import { silenceAfter } from '../../fakes/upstream/stream-faults';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf } from '../harness/json-call';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ env: { TIGHTROPE_STREAM_IDLE_TIMEOUT_MS: '400', TIGHTROPE_SSE_KEEPALIVE_MS: '150' } });
});
afterEach(() => stage.close());

test.each(RESPONSE_ROUTES)('$path: silence after some text', async ({ path, body }) => {
  stage.fake.scripts.responses.always(silenceAfter(5));
  const stream = await stage.sidecar.stream(path, body());
  const events = (await stream.rest()).filter((event) => event.kind === 'event').map(jsonOf);
  expect(events.at(-1)).toMatchObject({
    type: 'response.failed',
    response: { status: 'failed', error: { code: 'stream_idle_timeout' } },
  });
  const [request] = stage.fake.requests(toResponses);
  await expect(request?.ended).resolves.toBe('client_closed');
});

test('silence before the first event in JSON mode is a 504', async () => {
  stage.fake.scripts.responses.always(noAnswer());
  const answer = await stage.sidecar.post('/v1/responses', RESPONSE_ROUTES[0].body({ stream: false }));
  expect(answer.status).toBe(504);
  expect(errorOf(answer)['type']).toBe('timeout_error');
});
