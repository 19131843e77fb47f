/** Accounts are listed, paused, reactivated and deleted, and it all survives a restart (issue point 5). */
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { HeldReply } from '../../fakes/upstream/held-reply';
import { toResponses } from '../../fakes/upstream/recorder';
import { openAiBody } from '../harness/bodies';
import type { Json } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { jsonOf } from '../harness/sse-parser';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

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

async function statuses(): Promise<Record<string, unknown>> {
  const { accounts } = (await sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  return Object.fromEntries(accounts.map((account) => [String(account['email']), account['status']]));
}

async function serving(): Promise<string[]> {
  const before = fake.requests(toResponses).length;
  for (let turn = 0; turn < 6; turn += 1) await sidecar.post('/v1/responses', openAiBody({ stream: false }));
  return [
    ...new Set(
      fake
        .requests(toResponses)
        .slice(before)
        .map((request) => request.account?.name ?? ''),
    ),
  ].sort();
}

test('pause, delete, restart, reactivate', async () => {
  const [first, second] = await sidecar.importAccounts(fake.accounts);
  const path = (account: Json | undefined, verb = ''): string =>
    `/api/accounts/${String(account?.['accountId'])}${verb}`;

  expect((await sidecar.admin('POST', path(first, '/pause'))).json).toMatchObject({ status: 'paused' });
  expect((await sidecar.admin('DELETE', path(second))).status).toBe(200);
  expect((await sidecar.admin('GET', path(second))).status).toBe(404);
  expect(await serving()).toEqual(['account-3']);

  await sidecar.stop();
  sidecar = await Sidecar.start({ fake, dataFolder: folder.path });
  expect(await statuses()).toEqual({ 'account-1@example.test': 'paused', 'account-3@example.test': 'active' });
  expect(await serving()).toEqual(['account-3']);

  expect((await sidecar.admin('POST', path(first, '/reactivate'))).json).toMatchObject({ status: 'reactivated' });
  expect(await serving()).toEqual(['account-1', 'account-3']);
  await sidecar.stop();
});

test('rows of a deleted account stay in the log without it', async () => {
  const [only] = await sidecar.importAccounts([fake.account(0)]);
  await sidecar.post('/v1/responses', openAiBody({ stream: false }), { 'x-request-id': 'orphan-1' });
  await sidecar.logRow('orphan-1');
  await sidecar.admin('DELETE', `/api/accounts/${String(only?.['accountId'])}`);
  expect(await sidecar.logRow('orphan-1')).toMatchObject({ accountId: null, statusCode: 200 });
  await sidecar.stop();
});

test('an account deleted or paused during a turn lets that turn finish', async () => {
  const [only] = await sidecar.importAccounts([fake.account(0)]);
  const held = new HeldReply();
  fake.account(0).responses.next(held.behaviour);
  const opening = sidecar.stream('/v1/responses', openAiBody(), { 'x-request-id': 'last-turn' });
  await held.sendNext();
  const stream = await opening;
  const path = `/api/accounts/${String(only?.['accountId'])}`;
  expect((await sidecar.admin('POST', `${path}/pause`)).status).toBe(200);
  expect((await sidecar.admin('DELETE', path)).status).toBe(200);
  await held.finish();
  expect(jsonOf((await stream.rest()).at(-1) ?? null).type).toBe('response.completed');
  expect(await sidecar.logRow('last-turn')).toMatchObject({ statusCode: 200, accountId: null });
  await sidecar.stop();
});

test('an unknown account is a 404 for every verb', async () => {
  const id = '01a2025c-92cb-72c0-885f-c6b031272d97';
  for (const [method, suffix] of [
    ['GET', ''],
    ['POST', '/pause'],
    ['POST', '/reactivate'],
    ['DELETE', ''],
  ] as const) {
    const answer = await sidecar.admin(method, `/api/accounts/${id}${suffix}`);
    expect(answer.status).toBe(404);
    expect(answer.json).toMatchObject({ error: { code: 'account_not_found' } });
  }
  await sidecar.stop();
});
