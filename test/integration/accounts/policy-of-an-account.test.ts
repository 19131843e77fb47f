/** What people set for an account holds over a restart; a thousand logins fit into one import. */
import { authJsonOf } from '../../fakes/upstream/auth-json';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { errorOf, type Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 2 });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

async function list(): Promise<readonly Json[]> {
  return (await sidecar.admin('GET', '/api/accounts')).json['accounts'] as readonly Json[];
}

test('alias, tags, policy and pin', async () => {
  const [first, second] = await sidecar.importAccounts(fake.accounts);
  const path = (account: Json | undefined, verb = ''): string =>
    `/api/accounts/${String(account?.['accountId'])}${verb}`;
  const change = { alias: 'Main', tags: ['work'], mode: 'preserve', maxUsedPercent: 80, maxConcurrent: 4 };
  const changed = await sidecar.admin('PATCH', path(first), change);
  expect([changed.status, changed.json['alias']]).toEqual([200, 'Main']);
  expect((await sidecar.admin('POST', path(first, '/pin'))).json).toEqual({ status: 'pinned' });
  expect((await sidecar.admin('POST', path(second, '/pin'))).json).toEqual({ status: 'pinned' });
  const refused = await sidecar.admin('PATCH', path(first), { maxUsedPercent: 300 });
  expect([refused.status, errorOf(refused)['field']]).toEqual([400, 'maxUsedPercent']);
  await sidecar.stop();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect(await list()).toMatchObject([
    {
      alias: 'Main',
      tags: ['work'],
      routingPinned: false,
      policy: { mode: 'preserve', maxUsedPercent: 80, maxConcurrent: 4 },
    },
    { alias: null, tags: [], routingPinned: true, policy: { mode: 'normal' } },
  ]);
  await sidecar.stop();
});

test('a thousand logins in one request, beyond the size of other bodies', async () => {
  for (let n = 0; n < 998; n += 1) fake.addAccount();
  const body = { authJson: fake.accounts.map((account) => authJsonOf(account)) };
  expect(JSON.stringify(body).length).toBeGreaterThan(1024 * 1024);
  const answer = await sidecar.admin('POST', '/api/accounts/import', body);
  expect(answer.status).toBe(200);
  expect(await list()).toHaveLength(1000);
  await sidecar.stop();
}, 120_000);
