/** Lock and unlock with a running proxy, and a kill −9 while the passphrase changes (issue 6, point 7). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const FIRST = 'the first passphrase';
const SECOND = 'the second passphrase';

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 1 });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  await sidecar.importAccounts(fake.accounts);
  const body = { passphrase: FIRST, confirmation: FIRST };
  expect((await sidecar.admin('POST', '/api/database/setup', body)).status).toBe(200);
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

const turn = (): Promise<WholeAnswer> => sidecar.post('/v1/responses', openAiBody({ stream: false }));
const unlock = (passphrase: string): Promise<WholeAnswer> =>
  sidecar.admin('POST', '/api/database/unlock', { passphrase });
const state = async (): Promise<unknown> => (await sidecar.admin('GET', '/api/database/status')).json;

test('locked, the proxy answers 503 and the admin API 423; unlocked, both go on', async () => {
  expect(await state()).toMatchObject({ state: 'encrypted', locked: false, mode: null });
  expect((await turn()).status).toBe(200);
  expect((await sidecar.admin('POST', '/api/database/lock')).json).toEqual({ status: 'locked' });
  expect(await state()).toMatchObject({ locked: true, mode: 'unlock', attemptsRemaining: 5 });
  const refused = await turn();
  expect(refused.status).toBe(503);
  expect(errorOf(refused)).toMatchObject({ code: 'database_locked', type: 'service_unavailable' });
  const admin = await sidecar.admin('GET', '/api/accounts');
  expect(admin.status).toBe(423);
  expect(errorOf(admin)['code']).toBe('database_locked');
  expect(errorOf(await unlock('a wrong passphrase'))['code']).toBe('database_unlock_failed');
  expect((await unlock(FIRST)).status).toBe(200);
  expect((await turn()).status).toBe(200);
  expect((await sidecar.admin('GET', '/api/accounts')).json).toMatchObject({ accounts: [{ status: 'active' }] });
  await sidecar.stop();
});

test('it starts locked; five wrong passphrases give a pause', async () => {
  await sidecar.stop();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect((await turn()).status).toBe(503);
  for (let attempt = 0; attempt < 5; attempt += 1) expect((await unlock('a wrong passphrase')).status).toBe(401);
  const paused = await unlock(FIRST);
  expect(paused.status).toBe(429);
  expect(Number(paused.headers['retry-after'])).toBeGreaterThan(20);
  await sidecar.stop();
});

test('killed while the passphrase changes, the old one or the new one opens, and every login is there', async () => {
  const change = { currentPassphrase: FIRST, nextPassphrase: SECOND };
  expect(
    (await sidecar.admin('POST', '/api/settings/database/passphrase', { ...change, nextPassphrase: 'short' })).status,
  ).toBe(400);
  const cut = sidecar.admin('POST', '/api/settings/database/passphrase', change).catch(() => null);
  await sidecar.kill9();
  await cut;
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  const opened = [(await unlock(FIRST)).status, (await unlock(SECOND)).status];
  expect(opened.sort()).toEqual([200, 401]);
  expect((await turn()).status).toBe(200);
  await sidecar.stop();
});

test('the process can be asked to stop, and the page can report an error', async () => {
  expect((await sidecar.admin('POST', '/api/client-errors', { message: 'it broke' })).status).toBe(204);
  expect((await sidecar.admin('POST', '/api/runtime/shutdown')).status).toBe(202);
  expect((await sidecar.exit()).code).toBe(0);
});
