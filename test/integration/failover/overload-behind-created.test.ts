/** Overload told right behind `response.created` is still before the first output: the turn moves (codex-wire 2.4 traps). */
import type { Behaviour } from '../../fakes/upstream/behaviour';
import { frameEvent } from '../../fakes/upstream/event-framing';
import { freshId, numbered, responseCreated, responseFailed } from '../../fakes/upstream/events';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

/** Both events in one write, so that nothing lies between them. */
function failedBehindCreated(code: string, message: string): Behaviour {
  return ({ response }) => {
    const id = freshId('resp');
    const events = numbered([responseCreated({ id, model: 'gpt-5.5' }), responseFailed(code, message, id)]);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(Buffer.concat(events.map((event) => frameEvent(event))));
  };
}

const FAILURES = [
  { code: 'server_is_overloaded', message: 'Our servers are currently overloaded. Please try again later.' },
  { code: 'overloaded_error', message: 'Overloaded' },
  { code: 'invalid_request_error', message: 'Selected model is at capacity. Please try a different model.' },
  { code: 'usage_limit_reached', message: 'The usage limit has been reached' },
];
const CASES = RESPONSE_ROUTES.flatMap((route) => FAILURES.map((failure) => ({ ...route, ...failure })));

test.each(CASES)('$path: $message', async ({ path, body, code, message }) => {
  stage.fake.scripts.responses.next(failedBehindCreated(code, message));
  const events = (await (await stage.sidecar.stream(path, body())).rest()).map(jsonOf);
  expect(events.filter((event) => event.type === 'response.created')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('response.completed');
});
