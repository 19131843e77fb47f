/** Frames go through as they come, turn by turn on one upstream socket (issue "WebSocket"; codex-wire 2.5). */
import { toFrames, toHandshakes } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { textAnswer } from '../../fakes/upstream/answers';
import { rateLimitsEvent, type FakeEvent } from '../../fakes/upstream/events';
import { Gate } from '../../fakes/upstream/gate';
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { errorCodeOf, responseIdOf, WsClient } from '../harness/ws-client';

let stage: Stage;
const clients: WsClient[] = [];

beforeAll(async () => {
  stage = await openStage({ strict: true, env: { TIGHTROPE_SSE_KEEPALIVE_MS: '150' } });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  stage.fake.scripts.responses.clear();
});
afterAll(() => stage.close());

const ROUTES = ['/v1/responses', '/backend-api/codex/responses'] as const;
const CODEX = '/backend-api/codex/responses';

async function connect(path: string = CODEX, headers: Record<string, string> = {}, deflate = false): Promise<WsClient> {
  const client = await WsClient.open(stage.sidecar.url(path), headers, deflate);
  clients.push(client);
  return client;
}

const create = (more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  type: 'response.create',
  ...codexBody('Hi', more),
});

test.each(ROUTES)('%s: frames are byte-identical in both directions', async (path) => {
  const events: FakeEvent[] = [rateLimitsEvent(12), ...textAnswer(['ä\u2028', '{"x":1}'])];
  stage.fake.scripts.responses.next(reply({ events }));
  const client = await connect(path);
  const frame = ` ${JSON.stringify(create({ unknown_field: [1, 2.5], tools: [{ type: 'namespace' }] }), null, 1)}`;
  client.send(frame);
  await client.answer();
  expect(client.frames.map((one) => one.toString('utf8'))).toEqual(events.map((event) => JSON.stringify(event)));
  expect(stage.fake.requests(toFrames).at(-1)?.body.toString('utf8')).toBe(frame);
});

test('prewarm, anchored turn and tool output share one upstream socket and leave a row each', async () => {
  const before = stage.fake.requests(toHandshakes).length;
  const client = await connect(CODEX, { 'x-request-id': 'rows', 'session-id': 'session-1', 'thread-id': 'session-1' });
  let anchor = responseIdOf((await client.turn(create({ generate: false }))).at(-1));
  for (const text of ['first', 'second', 'third']) {
    const turn = await client.turn({
      ...create({ previous_response_id: anchor }),
      ...{ input: codexBody(text)['input'] },
    });
    expect(turn.at(-1)?.['type']).toBe('response.completed');
    anchor = responseIdOf(turn.at(-1));
  }
  const handshakes = stage.fake.requests(toHandshakes).slice(before);
  expect(handshakes).toHaveLength(1);
  expect(handshakes[0]?.headers['openai-beta']).toBe('responses_websockets=2026-02-06');
  expect(handshakes[0]?.headers['x-codex-turn-state']).toBeUndefined();
  expect(client.headers['x-codex-turn-state']).toMatch(/^turn_[0-9a-f]{32}$/);
  expect(client.headers['x-request-id']).toBe('rows');
  expect(await stage.sidecar.logRow('rows:4')).toMatchObject({
    transport: 'websocket',
    upstreamTransport: 'websocket',
    statusCode: 200,
    inputTokens: 1200,
    sessionId: 'session-1',
  });
});

test('nested and bare frames are made flat', async () => {
  const client = await connect();
  const { model, input, store } = create();
  for (const frame of [
    { type: 'response.create', response: { model, input, store } },
    { model, input, store },
  ]) {
    expect((await client.turn(frame)).at(-1)?.['type']).toBe('response.completed');
    expect(stage.fake.requests(toFrames).at(-1)?.json).toEqual({ type: 'response.create', model, input, store });
  }
});

test('frames that wait are answered in order', async () => {
  const gate = new Gate();
  stage.fake.scripts.responses.next(gate.behaviour);
  const client = await connect();
  for (const name of ['a', 'b', 'c']) client.send(create({ prompt_cache_key: name }));
  await gate.arrived;
  gate.open();
  for (let turn = 0; turn < 3; turn += 1) expect((await client.answer()).at(-1)?.['type']).toBe('response.completed');
  const keys = stage.fake
    .requests(toFrames)
    .slice(-3)
    .map((frame) => (frame.json as Json)['prompt_cache_key']);
  expect(keys).toEqual(['a', 'b', 'c']);
});

test('while the upstream is silent the Codex route gets keepalive frames, and other frames reach the live socket', async () => {
  const gate = new Gate();
  stage.fake.scripts.responses.next(gate.behaviour);
  const client = await connect();
  client.send(create());
  const request = await gate.arrived;
  await eventually('a keepalive frame', () => client.events.find((event) => event['type'] === 'codex.keepalive'));
  client.send({ type: 'response.processed', response_id: 'resp_1' });
  client.send('{"type":"response.cancel"}');
  await eventually('both frames upstream', () => (request.socket?.otherFrames.length === 2 ? true : undefined));
  expect(request.socket?.otherFrames[1]).toBe('{"type":"response.cancel"}');
  gate.open();
  expect((await client.answer()).at(-1)?.['type']).toBe('response.completed');
});

test('request errors keep the socket open', async () => {
  const client = await connect();
  expect(await client.turn('{"type":"response.create",')).toMatchObject([{ type: 'error', status: 400 }]);
  expect(errorCodeOf((await client.turn({ type: 'response.create', model: 'gpt-5.5' })).at(-1))).toBe(
    'invalid_request_error',
  );
  expect((await client.turn({ type: 'response.unheard_of' })).at(-1)).toMatchObject({ type: 'error', status: 400 });
  client.send({ type: 'response.processed', response_id: 'resp_1' });
  expect((await client.turn(create())).at(-1)?.['type']).toBe('response.completed');
});

test('permessage-deflate is spoken with clients that offer it', async () => {
  const client = await connect(CODEX, {}, true);
  expect(client.headers['sec-websocket-extensions']).toContain('permessage-deflate');
  const turn = await client.turn(create({ instructions: 'x'.repeat(100_000) }));
  expect(turn.at(-1)?.['type']).toBe('response.completed');
});
