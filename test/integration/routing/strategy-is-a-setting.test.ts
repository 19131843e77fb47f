/** The stored strategy decides who serves. */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 3 });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await sidecar.importAccounts(fake.accounts);
  await sidecar.stop();
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

/** Sets the strategy and says how many accounts six turns use. */
async function accountsUsedWith(routingStrategy: string): Promise<number> {
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect((await sidecar.admin('PUT', '/api/settings', { routingStrategy })).status).toBe(200);
  const used = new Set<unknown>();
  for (let turn = 0; turn < 6; turn += 1) {
    const answer = await sidecar.post('/v1/responses', openAiBody({ stream: false }), {
      'x-request-id': `turn-${turn}`,
    });
    expect(answer.status).toBe(200);
    used.add(answer.headers['x-tightrope-routed-account-id']);
  }
  expect(await sidecar.logRow('turn-5')).toMatchObject({ routingStrategy, decision: { strategy: routingStrategy } });
  await sidecar.stop();
  return used.size;
}

test('drain_hop stays with one account, round_robin uses all of them', async () => {
  expect(await accountsUsedWith('drain_hop')).toBe(1);
  expect(await accountsUsedWith('round_robin')).toBe(3);
});
