/** A client that leaves ends the upstream call at once and is logged as 499 (proxy 4.7). */
import { Gate } from '../../fakes/upstream/gate';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { toResponses } from '../../fakes/upstream/recorder';
import { RESPONSE_ROUTES } from '../harness/bodies';
import { within } from '../harness/eventually';
import { openCall } from '../harness/sse-client';
import { jsonCall } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeEach(async () => {
  stage = await openStage({ accounts: 2 });
});
afterEach(() => stage.close());

test.each(RESPONSE_ROUTES)('$path: in the middle of a stream', async ({ path, body }) => {
  const held = new HeldReply();
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = stage.sidecar.stream(path, body(), { 'x-request-id': 'left-mid' });
  await held.sendNext();
  const stream = await opening;
  await stream.next();
  stream.abort();
  const request = await held.arrived;
  await expect(within('the end of the upstream call', request.ended)).resolves.toBe('client_closed');
  expect(await stage.sidecar.logRow('left-mid')).toMatchObject({ statusCode: 499, errorCode: 'client_disconnected' });
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});

test('before upstream has answered at all', async () => {
  const gate = new Gate();
  stage.fake.scripts.responses.next(gate.behaviour);
  const leave = new AbortController();
  const call = openCall(
    stage.sidecar.url('/v1/responses'),
    jsonCall(RESPONSE_ROUTES[0].body(), { 'x-request-id': 'left-early' }),
    (request) => leave.signal.addEventListener('abort', () => request.destroy()),
  );
  const request = await gate.arrived;
  leave.abort();
  await expect(call).rejects.toThrow();
  await expect(within('the end of the upstream call', request.ended)).resolves.toBe('client_closed');
  expect(await stage.sidecar.logRow('left-early')).toMatchObject({ statusCode: 499, errorCode: 'client_disconnected' });
  expect(stage.fake.requests(toResponses)).toHaveLength(1);
});

test('the account of an abandoned turn goes on serving', async () => {
  const held = new HeldReply();
  stage.fake.scripts.responses.next(held.behaviour);
  const opening = stage.sidecar.stream('/v1/responses', RESPONSE_ROUTES[0].body());
  await held.sendNext();
  (await opening).abort();
  await held.clientGone();
  for (let turn = 0; turn < 4; turn += 1) {
    expect((await stage.sidecar.post('/v1/responses', RESPONSE_ROUTES[0].body({ stream: false }))).status).toBe(200);
  }
  const served = new Set(
    stage.fake
      .requests(toResponses)
      .slice(1)
      .map((request) => request.account?.name),
  );
  expect([...served].sort()).toEqual(['account-1', 'account-2']);
});
