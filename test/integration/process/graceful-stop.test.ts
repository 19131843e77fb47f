/** SIGTERM: running turns finish, new work is refused, the process ends with 0; a second signal ends it at once (design §10). */
import http from 'node:http';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { codexBody, openAiBody } from '../harness/bodies';
import { eventually, within } from '../harness/eventually';
import { callWhole, errorOf, jsonCall } from '../harness/json-call';
import { jsonOf } from '../harness/sse-parser';
import type { EventStream } from '../harness/sse-client';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;
afterEach(async () => {
  await stage.sidecar.discard();
  await stage.fake.close();
});

async function openTurn(held: HeldReply): Promise<EventStream> {
  stage.fake.account(0).responses.next(held.behaviour);
  const opening = stage.sidecar.stream('/backend-api/codex/responses', codexBody(), { 'x-request-id': 'running-1' });
  await held.sendNext();
  const stream = await opening;
  await stream.next();
  return stream;
}

test('a running stream finishes and its row is written before the end', async () => {
  stage = await openStage();
  const held = new HeldReply();
  const stream = await openTurn(held);
  const keptAlive = new http.Agent({ keepAlive: true, maxSockets: 1 });
  await callWhole(stage.sidecar.url('/health'), { agent: keptAlive });

  stage.sidecar.program.signal('SIGTERM');
  await eventually('new work is refused', async () => {
    const answer = await callWhole(stage.sidecar.url('/v1/responses'), {
      ...jsonCall(openAiBody()),
      agent: keptAlive,
    }).catch(() => 'closed');
    return answer === 'closed' || (typeof answer === 'object' && answer.status === 503) ? true : undefined;
  });
  keptAlive.destroy();
  await held.finish();
  const events = await stream.rest();
  expect(jsonOf(events.at(-1) ?? null).type).toBe('response.completed');
  expect(await stage.sidecar.exit()).toEqual({ code: 0, signal: null });
  await stage.sidecar.expectNoSecrets();
});

test('a connection that was open before the stop hears 503 shutting_down, not a reset', async () => {
  stage = await openStage();
  const held = new HeldReply();
  const stream = await openTurn(held);
  // This request is on its way while the signal comes: head sent, body still missing.
  const late = http.request(stage.sidecar.url('/v1/responses'), {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', 'x-request-id': 'late-1' },
  });
  const answered = new Promise<number | string>((resolve) => {
    late.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    late.once('error', (error) => resolve(error.message));
  });
  late.flushHeaders();
  stage.sidecar.program.signal('SIGTERM');
  await eventually('the listener is closed', () =>
    stage.sidecar.call('/health').then(
      () => undefined,
      () => true,
    ),
  );
  late.end(JSON.stringify(openAiBody({ stream: false })));
  // Taken before the stop or after it: either is honest, a dropped connection is not.
  expect([200, 503]).toContain(await within('an answer to the late request', answered));
  await held.finish();
  await stream.rest();
  expect(await stage.sidecar.exit()).toEqual({ code: 0, signal: null });
});

test('after the drain deadline the rest ends with an honest terminal event', async () => {
  stage = await openStage({ env: { TIGHTROPE_DRAIN_TIMEOUT_MS: '300' } });
  const held = new HeldReply();
  const stream = await openTurn(held);
  stage.sidecar.program.signal('SIGTERM');
  const events = (await within('the end of the stream', stream.rest())).filter((event) => event.kind === 'event');
  expect(jsonOf(events.at(-1) ?? null)).toMatchObject({ type: 'response.failed', response: { status: 'failed' } });
  expect(await stage.sidecar.exit()).toEqual({ code: 0, signal: null });
});

test('a second signal does not wait for running turns', async () => {
  stage = await openStage({ env: { TIGHTROPE_DRAIN_TIMEOUT_MS: '600000' } });
  const held = new HeldReply();
  const stream = await openTurn(held);
  const ended = stream.rest().catch(() => []);
  stage.sidecar.program.signal('SIGTERM');
  await eventually('the first signal has been heard', () =>
    stage.sidecar.call('/health').then(
      () => undefined,
      () => true,
    ),
  );
  stage.sidecar.program.signal('SIGTERM');
  const exit = await within('the end at once', stage.sidecar.exit());
  expect(exit.signal === 'SIGTERM' || exit.code !== null).toBe(true);
  await ended;
});

test('SIGINT stops it as well', async () => {
  stage = await openStage();
  stage.sidecar.program.signal('SIGINT');
  expect(await stage.sidecar.exit()).toEqual({ code: 0, signal: null });
});

test('the proxy switch refuses turns and lets the control plane go on', async () => {
  stage = await openStage();
  expect((await stage.sidecar.admin('POST', '/api/runtime/proxy/stop')).json).toMatchObject({ enabled: false });
  const refused = await stage.sidecar.post('/v1/responses', openAiBody());
  expect(refused.status).toBe(503);
  expect(errorOf(refused)).toMatchObject({ code: 'proxy_disabled', type: 'service_unavailable' });
  expect((await stage.sidecar.admin('POST', '/api/runtime/proxy/start')).json).toMatchObject({ enabled: true });
  expect((await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  await stage.sidecar.stop();
});
