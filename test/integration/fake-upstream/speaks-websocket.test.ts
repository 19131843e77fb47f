/** The fake's WebSocket side: connection-local responses, refusals in every shape, fault verbs (codex-wire 2.5, 2.11). */
import { errorAnswer, usageLimit } from '../../fakes/upstream/error-faults';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { toFrames } from '../../fakes/upstream/recorder';
import { cutMidText } from '../../fakes/upstream/stream-faults';
import { codexBody } from '../harness/bodies';
import { denialOf, errorCodeOf, responseIdOf, WsClient } from '../harness/ws-client';

let fake: FakeUpstream;
const clients: WsClient[] = [];

beforeEach(async () => {
  fake = await startFakeUpstream({ accounts: 2, strict: true });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await fake.close();
  expect(fake.failures).toEqual([]);
});

const url = (): string => `${fake.address}/backend-api/codex/responses`;
const bearer = (account: number): Record<string, string> => ({
  authorization: `Bearer ${fake.account(account).login.current.accessToken}`,
});

async function connect(account = 0): Promise<WsClient> {
  const client = await WsClient.open(url(), bearer(account));
  clients.push(client);
  return client;
}

const create = (more: Readonly<Record<string, unknown>> = {}): unknown => ({
  type: 'response.create',
  ...codexBody('Hi', more),
});

test('a prewarm is answered with an id, and an anchor is known on its own socket only', async () => {
  const client = await connect();
  const prewarm = await client.turn(create({ generate: false }));
  expect(prewarm.map((event) => event['type'])).toEqual(['response.created', 'response.completed']);
  const anchor = responseIdOf(prewarm.at(-1));
  const turn = await client.turn(create({ previous_response_id: anchor }));
  expect(turn.at(-1)?.['type']).toBe('response.completed');
  const [, frame] = fake.requests(toFrames);
  expect(frame?.history).toHaveLength(2);
  const other = await connect();
  expect(errorCodeOf((await other.turn(create({ previous_response_id: anchor }))).at(-1))).toBe(
    'previous_response_not_found',
  );
  expect(client.headers['x-codex-turn-state']).toMatch(/^.{200,}$/);
});

test('another account’s response id is a violation', async () => {
  const first = await connect(0);
  const anchor = responseIdOf((await first.turn(create())).at(-1));
  const second = await connect(1);
  expect(errorCodeOf((await second.turn(create({ previous_response_id: anchor }))).at(-1))).toBe('invalid_response_id');
  expect(fake.violations).toHaveLength(1);
});

test.each(['nested', 'status_code', 'flat', 'body', 'failed'] as const)('refusals in the shape %s', async (shape) => {
  fake.sockets.errorShape = shape;
  const client = await connect();
  const [event] = await client.turn(create({ previous_response_id: 'resp_unknown' }));
  expect(JSON.stringify(event)).toContain('previous_response_not_found');
});

test('fault verbs of HTTP work on frames and handshakes', async () => {
  fake.account(0).responses.next(usageLimit(), cutMidText(1011));
  const client = await connect();
  expect((await client.turn(create())).at(-1)).toMatchObject({ type: 'error', status: 429 });
  client.send(create());
  expect(await client.closed()).toBe(1011);
  fake.account(0).scripts.handshake.next(errorAnswer(426, { message: 'no sockets' }));
  expect(await denialOf(url(), bearer(0))).toMatchObject({ status: 426 });
  expect(await denialOf(url(), { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
});
