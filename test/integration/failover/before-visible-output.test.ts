/** What fails before the client has seen output moves to the next account, silently (design §3.6; issue point 6). */
import type { Behaviour } from '../../fakes/upstream/behaviour';
import { connectionReset, modelNotSupported, serverError, usageLimit } from '../../fakes/upstream/error-faults';
import { toResponses } from '../../fakes/upstream/recorder';
import { cutBeforeCreated, failedInStream } from '../../fakes/upstream/stream-faults';
import { RESPONSE_ROUTES, openAiBody } from '../harness/bodies';
import { jsonOf } from '../harness/sse-parser';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

const FAULTS: readonly { name: string; fault: Behaviour }[] = [
  { name: 'the connection is reset', fault: connectionReset() },
  { name: '500', fault: serverError(500) },
  { name: '502', fault: serverError(502) },
  { name: '503', fault: serverError(503) },
  { name: '429 usage limit', fault: usageLimit() },
  { name: 'a model that this account lacks', fault: modelNotSupported('gpt-5.5') },
  { name: '200 that breaks before response.created', fault: cutBeforeCreated() },
  {
    name: 'overload as the first event of a 200',
    fault: failedInStream('server_is_overloaded', 'Our servers are currently overloaded.', { created: false }),
  },
  {
    name: 'usage limit as the first event of a 200',
    fault: failedInStream('usage_limit_reached', 'The usage limit has been reached', { created: false }),
  },
];

/** Whichever account is asked first fails each time it is asked; the other one answers. */
function failTheFirstAsked(fault: Behaviour): void {
  let first: unknown;
  stage.fake.scripts.responses.decide(({ account }) => {
    first ??= account;
    return account === first ? fault : undefined;
  });
}

const CASES = RESPONSE_ROUTES.flatMap((route) => FAULTS.map((fault) => ({ ...route, ...fault })));

test.each(CASES)('$path: $name', async ({ path, body, fault }) => {
  failTheFirstAsked(fault);
  const stream = await stage.sidecar.stream(path, body(), { 'x-request-id': 'failover-1' });
  const events = (await stream.rest()).map(jsonOf);
  expect(stream.answer.status).toBe(200);
  expect(events.map((event) => event.type).filter((type) => type === 'response.created')).toHaveLength(1);
  expect(events.at(-1)?.type).toBe('response.completed');
  const asked = stage.fake.requests(toResponses).map((request) => request.account?.name);
  expect(new Set(asked).size).toBe(2);
  const row = await stage.sidecar.logRow('failover-1');
  expect(row).toMatchObject({ statusCode: 200, attempts: asked.length, errorCode: null });
  expect(row['attemptLog']).toHaveLength(asked.length);
});

test('JSON mode fails over too', async () => {
  stage.fake.scripts.responses.next(serverError(500));
  const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ status: 'completed' });
});

test('the next account gets the same body', async () => {
  stage.fake.scripts.responses.next(serverError(503));
  await stage.sidecar.post('/backend-api/codex/responses', RESPONSE_ROUTES[1].body());
  const [first, second] = stage.fake.requests(toResponses);
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
});
