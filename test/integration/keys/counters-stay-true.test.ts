/** However a turn ends, counters show what upstream reported and nothing stays reserved (issue "It must show"). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { Gate } from '../../fakes/upstream/gate';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { payloadRejected, serverError } from '../../fakes/upstream/error-faults';
import { codexBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import { jsonCall, type Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { openCall } from '../harness/sse-client';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;
let secret: string;

const ROUTE = '/backend-api/codex/responses';
/** Of every answer of the fake (`STANDARD_USAGE`). */
const TOKENS = 1250;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await sidecar.importAccounts(fake.accounts);
  const limits = [
    { limitType: 'total_tokens', limitWindow: 'daily', maxValue: 1_000_000 },
    { limitType: 'requests', limitWindow: 'daily', maxValue: 100 },
  ];
  secret = String((await sidecar.admin('POST', '/api/api-keys', { name: 'x', limits })).json['key']);
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

interface Counted {
  readonly tokens: unknown;
  readonly requests: unknown;
  readonly reserved: readonly unknown[];
  readonly inFlight: unknown;
}

async function counted(): Promise<Counted> {
  const [key] = (await sidecar.admin('GET', '/api/api-keys')).json as unknown as readonly {
    readonly limits: readonly Json[];
    readonly usageSummary: Json;
  }[];
  const [tokens, requests] = key?.limits ?? [];
  return {
    tokens: tokens?.['currentValue'],
    requests: requests?.['currentValue'],
    reserved: [tokens?.['reservedValue'], requests?.['reservedValue']],
    inFlight: key?.usageSummary['turnsInFlight'],
  };
}
function expectCounted(tokens: number, requests: number): Promise<Counted> {
  const wanted = { tokens, requests, reserved: [0, 0], inFlight: 0 };
  return eventually(`counters at ${JSON.stringify(wanted)}`, async () => {
    const now = await counted();
    return JSON.stringify(now) === JSON.stringify(wanted) ? now : undefined;
  });
}
/** Rows in the file, as another process sees them. */
async function storedReservations(): Promise<number> {
  const file = await openRaw(sidecar.databaseFile, 'read-only');
  const rows = await file.all('SELECT id FROM api_key_usage_reservations');
  await file.close();
  return rows.length;
}
const headers = (): Record<string, string> => ({ 'x-api-key': secret });

test('success and failure', async () => {
  expect((await sidecar.post(ROUTE, codexBody(), headers())).status).toBe(200);
  expect((await sidecar.post('/v1/responses', { model: 'gpt-5.5', input: 'x' }, headers())).status).toBe(200);
  await expectCounted(2 * TOKENS, 2);
  fake.scripts.responses.next(payloadRejected());
  expect((await sidecar.post(ROUTE, codexBody(), headers())).status).toBe(400);
  fake.scripts.responses.next(serverError(), serverError(), serverError());
  expect((await sidecar.post(ROUTE, codexBody(), headers())).status).toBeGreaterThanOrEqual(500);
  await expectCounted(2 * TOKENS, 2);
});

test('a client that leaves before upstream has answered', async () => {
  const gate = new Gate();
  fake.scripts.responses.next(gate.behaviour);
  const leave = new AbortController();
  const call = openCall(sidecar.url(ROUTE), jsonCall(codexBody(), headers()), (request) =>
    leave.signal.addEventListener('abort', () => request.destroy()),
  );
  await gate.arrived;
  expect(await counted()).toMatchObject({ inFlight: 1 });
  leave.abort();
  await expect(call).rejects.toThrow();
  await expectCounted(0, 0);
});

/** Events of the fake: created, in progress, item, deltas, …, completed. */
test.each([
  ['after response.created', 1, 0, 0],
  ['after the opening', 2, 0, 0],
  ['after the first output', 5, 0, 1],
])('a client that leaves %s', async (_when, events, tokens, requests) => {
  const held = new HeldReply();
  fake.scripts.responses.next(held.behaviour);
  const opening = sidecar.stream(ROUTE, codexBody(), headers());
  for (let sent = 0; sent < events; sent += 1) await held.sendNext();
  const stream = await opening;
  for (let read = 0; read < events; read += 1) await stream.next();
  stream.abort();
  await held.clientGone();
  await expectCounted(tokens, requests);
});

test('a client that leaves behind the last event', async () => {
  const held = new HeldReply();
  fake.scripts.responses.next(held.behaviour);
  const opening = sidecar.stream(ROUTE, codexBody(), headers());
  while (held.remaining > 0) await held.sendNext();
  (await opening).abort();
  await expectCounted(TOKENS, 1);
});

test('kill -9 with turns in flight: what had ended counts, what had not does not, nothing stays reserved', async () => {
  expect((await sidecar.post(ROUTE, codexBody(), headers())).status).toBe(200);
  const gates = [new Gate(), new Gate(), new Gate()];
  fake.scripts.responses.next(...gates.map((gate) => gate.behaviour));
  const cut = gates.map(() => sidecar.post(ROUTE, codexBody(), headers()).catch(() => undefined));
  await Promise.all(gates.map((gate) => gate.arrived));
  expect(await counted()).toMatchObject({ tokens: TOKENS, requests: 1, inFlight: 3 });
  await eventually('the reservations are stored', async () => ((await storedReservations()) === 3 ? true : undefined));
  await sidecar.kill9();
  await Promise.all(cut);
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await expectCounted(TOKENS, 1);
  expect(sidecar.program.stderr).toMatch(/api_key_reservations_left_behind.*3/);
});
