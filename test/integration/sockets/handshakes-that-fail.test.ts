/** What a refused or broken upstream handshake means: HTTP stands in where it can, an account is left where it is to blame. */
import { connectionReset, errorAnswer, serverError, unauthorized, usageLimit } from '../../fakes/upstream/error-faults';
import type { Behaviour } from '../../fakes/upstream/behaviour';
import { toFrames, toHandshakes, toResponses } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';
import { denialOf, errorCodeOf, responseIdOf, WsClient } from '../harness/ws-client';

let stage: Stage;
let client: WsClient;

beforeEach(async () => {
  stage = await openStage({ accounts: 2, strict: true });
});
afterEach(async () => {
  client.close();
  await stage.close();
});

const CODEX = '/backend-api/codex/responses';
const create = (more: Readonly<Record<string, unknown>> = {}): unknown => ({
  type: 'response.create',
  ...codexBody('Hi', more),
});
const connect = async (): Promise<void> => {
  client = await WsClient.open(stage.sidecar.url(CODEX));
};
const posts = (): number => stage.fake.requests((request) => toResponses(request) && request.method === 'POST').length;

test('426: the turn goes over HTTP, the next client is told to use HTTP itself', async () => {
  stage.fake.scripts.handshake.always(errorAnswer(426, { message: 'Upgrade Required' }));
  await connect();
  const prewarm = await client.turn(create({ generate: false }));
  expect(responseIdOf(prewarm.at(-1))).toBe('');
  const events = await client.turn(create());
  expect(events.at(-1)?.['type']).toBe('response.completed');
  expect(posts()).toBe(1);
  expect(stage.fake.requests(toHandshakes)).toHaveLength(1);
  const anchored = await client.turn(create({ previous_response_id: responseIdOf(events.at(-1)) }));
  expect(errorCodeOf(anchored.at(-1))).toBe('previous_response_not_found');
  expect(await denialOf(stage.sidecar.url(CODEX))).toMatchObject({ status: 426 });
});

test.each<{ name: string; fault: Behaviour }>([
  { name: '503', fault: serverError(503) },
  { name: '404', fault: errorAnswer(404, { message: 'Not Found' }) },
])('$name: HTTP stands in', async ({ fault }) => {
  stage.fake.scripts.handshake.always(fault);
  await connect();
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
  expect(posts()).toBe(1);
});

test('400: HTTP stands in for that turn only; the next one tries a socket again', async () => {
  stage.fake.scripts.handshake.next(errorAnswer(400, { message: 'Bad Request' }));
  await connect();
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
  expect(posts()).toBe(1);
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
  expect(posts()).toBe(1);
  expect(stage.fake.requests(toFrames)).toHaveLength(1);
  (await WsClient.open(stage.sidecar.url(CODEX))).close();
});

test.each<{ name: string; fault: Behaviour }>([
  { name: '429', fault: usageLimit() },
  { name: '403', fault: errorAnswer(403, { message: 'Forbidden' }) },
  { name: '401', fault: unauthorized() },
  { name: 'reset', fault: connectionReset() },
])('$name: another try on a socket serves', async ({ fault }) => {
  stage.fake.scripts.handshake.next(fault);
  await connect();
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
  expect(stage.fake.requests(toFrames)).toHaveLength(1);
  expect(posts()).toBe(0);
});
