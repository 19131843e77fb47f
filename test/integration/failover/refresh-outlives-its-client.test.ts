/** A refresh that has begun is finished and saved although nobody waits for it any more: the old token is spent (codex-wire 2.10). */
import { Gate } from '../../fakes/upstream/gate';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import { jsonCall } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { openCall } from '../harness/sse-client';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;
let gate: Gate;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: [{ accessTokenTtlSeconds: -60 }] });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await sidecar.importAccounts(fake.accounts);
  fake.account(0).login.accessTokenTtlSeconds = 3600;
  gate = new Gate();
  fake.account(0).token.next(gate.behaviour);
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

function expectOneRotation(): void {
  const { rotations, reuses } = fake.account(0).login;
  expect({ rotations, reuses }).toEqual({ rotations: 1, reuses: 0 });
}

test('the client leaves while the token endpoint thinks', async () => {
  const leave = new AbortController();
  const call = openCall(sidecar.url('/v1/responses'), jsonCall(openAiBody(), { 'x-request-id': 'gone' }), (request) =>
    leave.signal.addEventListener('abort', () => request.destroy()),
  );
  await gate.arrived;
  leave.abort();
  await expect(call).rejects.toThrow();
  expect(await sidecar.logRow('gone')).toMatchObject({ statusCode: 499 });
  gate.open();
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  expectOneRotation();
  await sidecar.stop();
});

test('the process is told to stop while the token endpoint thinks', async () => {
  const turn = sidecar.post('/v1/responses', openAiBody({ stream: false }));
  await gate.arrived;
  sidecar.program.signal('SIGTERM');
  await eventually('the stop has begun', async () => {
    // A body that is refused before it needs a token: a turn that slipped in ahead of the signal would wait at the gate.
    const answer = await sidecar.post('/v1/responses', {});
    return answer.status === 503 ? true : undefined;
  });
  gate.open();
  expect((await turn).status).toBe(200);
  expect(await sidecar.exit()).toEqual({ code: 0, signal: null });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  expectOneRotation();
  await sidecar.stop();
});
