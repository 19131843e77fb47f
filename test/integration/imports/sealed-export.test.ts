/** A pool moves from one Tightrope to another as one sealed text. */
import { openAiBody } from '../harness/bodies';
import { Sidecar } from '../harness/sidecar';
import { openStage, type Stage } from '../harness/stage';

const PASSPHRASE = 'correct horse battery';
let stage: Stage;
let other: Sidecar;

beforeAll(async () => {
  stage = await openStage({ accounts: 2 });
  other = await Sidecar.start({ fake: stage.fake });
});
afterAll(async () => {
  await other.stop();
  await stage.close();
});

test('sealed here, looked at and taken there, with names and pauses; nothing is overwritten unasked', async () => {
  const { fake, sidecar, pool } = stage;
  const id = String(pool[1]?.['accountId']);
  await sidecar.admin('PATCH', `/api/accounts/${id}`, { alias: 'Spare', tags: ['night'], mode: 'preserve' });
  await sidecar.admin('POST', `/api/accounts/${id}/pause`);
  const exported = await sidecar.admin('POST', '/api/export', { passphrase: PASSPHRASE });
  expect(exported).toMatchObject({ status: 200, json: { accounts: 2 } });
  const { sealed } = exported.json;
  for (const secret of fake.secrets()) expect(exported.text).not.toContain(secret);

  const look = await other.admin('POST', '/api/import', { sealed, passphrase: PASSPHRASE, dryRun: true });
  expect(look.json).toMatchObject({ dryRun: true, results: [{ action: 'created' }, { action: 'created' }] });
  expect((await other.admin('GET', '/api/accounts')).json).toEqual({ accounts: [] });

  const taken = await other.admin('POST', '/api/import', { sealed, passphrase: PASSPHRASE });
  expect(taken.json).toMatchObject({ settingsTaken: false, results: [{ action: 'created' }, { action: 'created' }] });
  expect((await other.admin('GET', '/api/accounts')).json['accounts']).toMatchObject([
    { email: fake.account(0).email, status: 'active' },
    { email: fake.account(1).email, status: 'paused', alias: 'Spare', tags: ['night'], policy: { mode: 'preserve' } },
  ]);
  expect((await other.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  const again = await other.admin('POST', '/api/import', { sealed, passphrase: PASSPHRASE });
  expect(again.json).toMatchObject({ results: [{ action: 'skipped' }, { action: 'skipped' }] });
});

test('another passphrase or a changed text does not open; a short passphrase does not seal', async () => {
  const short = await stage.sidecar.admin('POST', '/api/export', { passphrase: 'short' });
  expect(short).toMatchObject({ status: 400, json: { error: { field: 'passphrase' } } });
  const { sealed } = (await stage.sidecar.admin('POST', '/api/export', { passphrase: PASSPHRASE })).json;
  const damaged = `${String(sealed).slice(0, -9)}AAAAAAAAA`;
  for (const body of [
    { sealed, passphrase: 'another one' },
    { sealed: damaged, passphrase: PASSPHRASE },
    { sealed: 'x', passphrase: 'y' },
  ]) {
    const answer = await other.admin('POST', '/api/import', body);
    expect(answer).toMatchObject({ status: 400, json: { error: { code: 'pool_export_unreadable' } } });
  }
});
