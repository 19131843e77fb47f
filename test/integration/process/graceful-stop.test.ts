/** SIGTERM: running turns finish, new work is refused, the process ends with 0; a second signal ends it at once (design §10). */
import { startFakeUpstream } from '../../fakes/upstream/fake-upstream';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { codexBody, openAiBody } from '../harness/bodies';
import { eventually, within } from '../harness/eventually';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { jsonOf } from '../harness/sse-parser';
import type { EventStream } from '../harness/sse-client';
import { openStage, type Stage } from '../harness/stage';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let stage: Stage;
let folder: TempFolder | null;

beforeEach(() => {
  folder = null;
});
afterEach(async () => {
  await stage.sidecar.discard();
  await stage.fake.close();
  await folder?.remove();
});

async function openTurn(held: HeldReply): Promise<EventStream> {
  stage.fake.account(0).responses.next(held.behaviour);
  const opening = stage.sidecar.stream('/backend-api/codex/responses', codexBody(), { 'x-request-id': 'running-1' });
  await held.sendNext();
  const stream = await opening;
  await stream.next();
  return stream;
}

/** Resolves when a new turn is refused because the process is stopping. */
function stopping(): Promise<WholeAnswer> {
  return eventually('new work is refused', async () => {
    const answer = await stage.sidecar.post('/v1/responses', openAiBody({ stream: false }));
    return answer.status === 503 ? answer : undefined;
  });
}

test('a running stream finishes, new work hears 503, the process ends with 0', async () => {
  stage = await openStage();
  const held = new HeldReply();
  const stream = await openTurn(held);
  stage.sidecar.program.signal('SIGTERM');
  expect(errorOf(await stopping())).toMatchObject({ code: 'shutting_down', type: 'service_unavailable' });
  await held.finish();
  const events = await stream.rest();
  expect(jsonOf(events.at(-1) ?? null).type).toBe('response.completed');
  expect(await stage.sidecar.exit()).toEqual({ code: 0, signal: null });
  await stage.sidecar.expectNoSecrets();
});

test('rows of turns that ended during the stop are in the log after the next start', async () => {
  folder = await makeTempFolder();
  const fake = await startFakeUpstream();
  const sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  stage = { fake, sidecar, pool: await sidecar.importAccounts(fake.accounts), close: () => Promise.resolve() };
  const held = new HeldReply();
  const stream = await openTurn(held);
  sidecar.program.signal('SIGTERM');
  await stopping();
  await held.finish();
  await stream.rest();
  expect(await sidecar.exit()).toEqual({ code: 0, signal: null });
  const next = await Sidecar.start({ fake, dataFolder: folder.path });
  stage = { ...stage, sidecar: next };
  expect(await next.logRow('running-1')).toMatchObject({ statusCode: 200, totalTokens: 1250 });
  await next.stop();
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
  await stopping();
  // Equal signals close together count as one (a terminal sends to the whole group): another name is always a second one.
  stage.sidecar.program.signal('SIGINT');
  expect(await stage.sidecar.exit()).toEqual({ code: 130, signal: null });
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
