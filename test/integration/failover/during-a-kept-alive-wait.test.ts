/** A keepalive opens the answer but shows nothing: the turn may still move, and ends honestly when it cannot (design §3.6, §11). */
import { usageLimit, serverError } from '../../fakes/upstream/error-faults';
import { Gate } from '../../fakes/upstream/gate';
import { toResponses } from '../../fakes/upstream/recorder';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { jsonOf, type SseEvent } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2, env: { TIGHTROPE_SSE_KEEPALIVE_MS: '100' } });
});
afterEach(() => stage.close());

const isKeepalive = (event: SseEvent): boolean => event.kind === 'comment' || event.name === 'codex.keepalive';

test.each(RESPONSE_ROUTES)('$path: the next account answers on the open stream', async ({ path, body }) => {
  const gate = new Gate(serverError(503));
  stage.fake.scripts.responses.next(gate.behaviour);
  const stream = await stage.sidecar.stream(path, body());
  const first = await stream.next();
  expect(first && isKeepalive(first)).toBe(true);
  gate.open();
  const events = (await stream.rest()).filter((event) => !isKeepalive(event)).map(jsonOf);
  expect(events.filter((event) => event.type === 'response.created')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('response.completed');
  expect(stage.fake.requests(toResponses)).toHaveLength(2);
});

test.each(RESPONSE_ROUTES)(
  '$path: an exhausted pool ends the open stream once, in a way that stops the client',
  async ({ path, body }) => {
    const gate = new Gate(usageLimit());
    stage.fake.scripts.responses.next(gate.behaviour).always(usageLimit());
    const stream = await stage.sidecar.stream(path, body());
    await stream.next();
    gate.open();
    const events = (await stream.rest()).filter((event) => !isKeepalive(event)).map(jsonOf);
    expect(events).toMatchObject([
      { type: 'response.failed', response: { status: 'failed', error: { code: 'insufficient_quota' } } },
    ]);
  },
);
