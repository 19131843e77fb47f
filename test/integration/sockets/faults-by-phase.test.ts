/** Every way an upstream socket can fail, in every phase of a turn, on both routes: what the client sees (codex-wire 2.11). */
import { unauthorized, usageLimit } from '../../fakes/upstream/error-faults';
import type { Behaviour } from '../../fakes/upstream/behaviour';
import type { Cut } from '../../fakes/upstream/event-writer';
import { toFrames } from '../../fakes/upstream/recorder';
import { errorAnswer } from '../../fakes/upstream/error-faults';
import { cutAfterCreated, cutBeforeCompleted, cutBeforeCreated, cutMidText } from '../../fakes/upstream/stream-faults';
import { failedInStream, overloadedInStream } from '../../fakes/upstream/stream-faults';
import { codexBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';
import { errorCodeOf, WsClient } from '../harness/ws-client';

let stage: Stage;
let client: WsClient;

beforeAll(async () => {
  stage = await openStage({ accounts: 12, strict: true });
});
afterEach(() => {
  client.close();
  stage.fake.scripts.responses.clear();
  expect(stage.fake.violations).toEqual([]);
});
afterAll(() => stage.close());

const ROUTES = ['/v1/responses', '/backend-api/codex/responses'] as const;
const CUTS: readonly Cut[] = [1000, 1001, 1009, 1011, 'reset'];
/** Phases in which nothing is visible yet: the client sees one whole answer. */
const UNSEEN = { 'before created': cutBeforeCreated, 'after created': cutAfterCreated } as const;
/** Phases with visible output: an honest end, on a socket that stays open. */
const SEEN = { 'mid text': cutMidText, 'before completed': cutBeforeCompleted } as const;

const create = { type: 'response.create', ...codexBody('Hi') };

async function turn(path: string, fault: Behaviour): Promise<readonly Record<string, unknown>[]> {
  stage.fake.scripts.responses.next(fault);
  client = await WsClient.open(stage.sidecar.url(path));
  return client.turn(create);
}

const rows = <P extends string>(phases: Readonly<Record<P, (how: Cut) => Behaviour>>) =>
  ROUTES.flatMap((path) =>
    Object.entries<(how: Cut) => Behaviour>(phases).flatMap(([phase, fault]) =>
      CUTS.map((how) => ({ path, phase, how, fault: fault(how) })),
    ),
  );

test.each(rows(UNSEEN))('$path: $how $phase is not noticed', async ({ path, fault }) => {
  const events = await turn(path, fault);
  expect(events.filter((event) => event['type'] === 'response.created')).toHaveLength(1);
  expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
  expect(events.at(-1)?.['type']).toBe('response.completed');
});

test.each(rows(SEEN))('$path: $how $phase ends with response.failed and repeats nothing', async ({ path, fault }) => {
  const asked = stage.fake.requests(toFrames).length;
  const events = await turn(path, fault);
  expect(events.at(-1)).toMatchObject({ type: 'response.failed' });
  expect(errorCodeOf(events.at(-1))).toBe('stream_incomplete');
  expect(stage.fake.requests(toFrames)).toHaveLength(asked + 1);
  expect((await client.turn(create)).at(-1)?.['type']).toBe('response.completed');
});

const REFUSALS: readonly { name: string; fault: Behaviour }[] = [
  { name: 'overload behind created', fault: overloadedInStream() },
  { name: 'overload as the first event', fault: failedInStream('server_is_overloaded', 'busy', { created: false }) },
  { name: 'a usage limit', fault: usageLimit({ resetsInSeconds: 1 }) },
  { name: 'a token that has died', fault: unauthorized() },
  {
    name: 'the limit of 60 minutes',
    fault: errorAnswer(400, {
      type: 'invalid_request_error',
      code: 'websocket_connection_limit_reached',
      message:
        'Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.',
    }),
  },
];

test.each(ROUTES.flatMap((path) => REFUSALS.map((refusal) => ({ path, ...refusal }))))(
  '$path: $name before any output is not noticed',
  async ({ path, fault }) => {
    const events = await turn(path, fault);
    expect(events.filter((event) => event['type'] === 'response.created')).toHaveLength(1);
    expect(events.at(-1)?.['type']).toBe('response.completed');
  },
);

test('a payload error is the client’s, as the upstream said it', async () => {
  const events = await turn(
    ROUTES[1],
    errorAnswer(400, { type: 'invalid_request_error', code: 'invalid_value', message: 'no' }),
  );
  expect(events).toMatchObject([{ type: 'error', status: 400, error: { code: 'invalid_value' } }]);
});
