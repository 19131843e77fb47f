/** kill -9 in the middle of load: the next start is clean, no log row is half-written, no account is lost (issue "It must show"). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { toResponses } from '../../fakes/upstream/recorder';
import { reply } from '../../fakes/upstream/reply';
import { codexBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const CLIENTS = 40;

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 3 });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

/** Turns without a pause until the sidecar is gone. */
async function turnsUntilTheEnd(client: number): Promise<void> {
  for (let turn = 0; sidecar.program.running; turn += 1) {
    const id = `load-${client}-${turn}`;
    await sidecar.post('/backend-api/codex/responses', codexBody(), { 'x-request-id': id }).catch(() => undefined);
  }
}

/** A row as the contract describes it, with nothing missing. */
function expectWhole(row: Json): void {
  expect(row).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) as string,
    requestId: expect.stringMatching(/^(load-\d+-\d+|after-\d)$/) as string,
    method: 'POST',
    path: '/backend-api/codex/responses',
    statusCode: expect.any(Number) as number,
    requestedAtMs: expect.any(Number) as number,
    nodeId: expect.any(String) as string,
  });
  if (row['statusCode'] === 200) {
    expect(row).toMatchObject({
      inputTokens: 1200,
      outputTokens: 50,
      totalTokens: 1250,
      accountId: expect.any(String) as string,
    });
  }
}

test('three times in a row', async () => {
  const imported = await sidecar.importAccounts(fake.accounts);
  fake.scripts.responses.always(reply({ delayMs: 1 }));
  let atLeast = 0;
  for (let round = 0; round < 3; round += 1) {
    const load = Array.from({ length: CLIENTS }, (_, client) => turnsUntilTheEnd(client));
    await fake.waitForRequests(toResponses, (round + 1) * 200 + fake.requests(toResponses).length);
    await sidecar.kill9();
    await Promise.all(load);

    sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
    const { accounts } = (await sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
    expect(accounts.map((account) => account['accountId']).sort()).toEqual(
      imported.map((one) => one['accountId']).sort(),
    );
    expect(accounts.map((account) => account['status'])).toEqual(['active', 'active', 'active']);
    const page = (await sidecar.admin('GET', '/api/logs?limit=500')).json as { logs: readonly Json[]; total: number };
    expect(page.total).toBeGreaterThan(atLeast);
    atLeast = page.total;
    for (const row of page.logs) expectWhole(row);
    const after = await sidecar.post('/backend-api/codex/responses', codexBody(), { 'x-request-id': `after-${round}` });
    expect(after.status).toBe(200);
  }
  expect(fake.accounts.map((account) => account.login.reuses)).toEqual([0, 0, 0]);
  await sidecar.stop();
}, 120_000);
