/** Logins are refreshed without a request's help, one after the other, and last over pauses and restarts (spec/proxy.md 9.2). */
import { serverError } from '../../fakes/upstream/error-faults';
import { Gate } from '../../fakes/upstream/gate';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { toPath } from '../../fakes/upstream/recorder';
import { eventually } from '../harness/eventually';
import type { Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const AT_ONCE = { TIGHTROPE_TOKEN_REFRESH_STARTUP_DELAY_MS: '1', TIGHTROPE_TOKEN_REFRESH_STARTUP_STALE_AFTER_MS: '1' };
const OFTEN = { TIGHTROPE_TOKEN_REFRESH_CHECK_INTERVAL_MS: '40', TIGHTROPE_TOKEN_REFRESH_SUCCESS_CYCLE_MS: '40' };

let fake: FakeUpstream;
let folder: TempFolder;
let sidecar: Sidecar;
let ids: string[];

beforeEach(async () => {
  folder = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 3 });
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  ids = (await sidecar.importAccounts(fake.accounts)).map((account) => String(account['accountId']));
});
afterEach(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

async function restart(env: Record<string, string>): Promise<void> {
  await sidecar.stop();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path, env });
}

const account = async (index: number): Promise<Json> =>
  (await sidecar.admin('GET', `/api/accounts/${ids[index] ?? ''}`)).json;
const rotations = (): number[] => fake.accounts.map(({ login }) => login.rotations);
const reuses = (): number => fake.accounts.reduce((sum, { login }) => sum + login.reuses, 0);

test('the sweep at start refreshes stale logins, a paused one too, one at a time', async () => {
  await sidecar.admin('POST', `/api/accounts/${ids[1] ?? ''}/pause`);
  await restart(AT_ONCE);
  await eventually('all are refreshed', () => (rotations().join() === '1,1,1' ? true : undefined));
  const refreshed = await eventually('the pause is kept', async () => {
    const view = await account(1);
    return view['tokenRefreshLastSuccessAtMs'] === null ? undefined : view;
  });
  expect(refreshed).toMatchObject({ status: 'paused', tokenRefreshNeedsAttention: false, tokenRefreshLastError: null });
  expect(Number(refreshed['tokenRefreshNextDueAtMs'])).toBe(
    Number(refreshed['tokenRefreshLastSuccessAtMs']) + 86_400_000,
  );
  expect(fake.refreshes.maxInFlight).toBe(1);
  await sidecar.stop();
});

test('fresh logins are left alone', async () => {
  await restart({ TIGHTROPE_TOKEN_REFRESH_STARTUP_DELAY_MS: '1', TIGHTROPE_TOKEN_REFRESH_CHECK_INTERVAL_MS: '20' });
  await sidecar.admin('POST', `/api/accounts/${ids[0] ?? ''}/refresh-token`);
  await sidecar.stop();
  expect(rotations()).toEqual([1, 0, 0]);
});

test('again and again, each token spent once, and the last one is stored at the stop', async () => {
  await restart(OFTEN);
  await eventually('three rounds', () => (Math.min(...rotations()) >= 3 ? true : undefined), 20_000);
  await restart(OFTEN);
  const before = rotations();
  await eventually('a round after the restart', () =>
    rotations().every((count, index) => count > (before[index] ?? 0)) ? true : undefined,
  );
  await sidecar.stop();
  expect(reuses()).toBe(0);
});

test('a stop in the middle of a sweep finishes the refresh that has begun, and begins no other', async () => {
  const gate = new Gate();
  fake.scripts.token.next(gate.behaviour);
  await restart(AT_ONCE);
  await gate.arrived;
  sidecar.program.signal('SIGTERM');
  await eventually('the listener is closed', async () => {
    const answer = await sidecar.call('/health').catch(() => undefined);
    return answer === undefined ? true : undefined;
  });
  gate.open();
  expect(await sidecar.exit()).toEqual({ code: 0, signal: null });
  expect(fake.requests(toPath('/oauth/token'))).toHaveLength(1);
  await sidecar.expectNoSecrets();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path, env: AT_ONCE });
  await eventually('everybody else follows', () => (Math.min(...rotations()) >= 1 ? true : undefined));
  expect(reuses()).toBe(0);
  await sidecar.stop();
});

test('a provider that is away costs nobody the login, and is asked again later', async () => {
  fake.scripts.token.always(serverError(503));
  await restart({ ...OFTEN, TIGHTROPE_TOKEN_REFRESH_FAILURE_RETRY_MS: '30' });
  const view = await eventually('it has failed', async () => {
    const now = await account(0);
    return now['tokenRefreshLastError'] === null ? undefined : now;
  });
  expect(view).toMatchObject({ status: 'active', tokenRefreshNeedsAttention: false });
  fake.scripts.token.clear();
  await eventually('all are refreshed', () => (Math.min(...rotations()) >= 1 ? true : undefined));
  await eventually('the failure is forgotten', async () =>
    (await account(0))['tokenRefreshLastError'] === null ? true : undefined,
  );
  await sidecar.stop();
  expect(reuses()).toBe(0);
});
