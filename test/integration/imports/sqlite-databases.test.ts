/** Accounts out of the databases of codex-lb and of the original: upload, preview, choice per row, apply (spec data-security 10). */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openAiBody } from '../harness/bodies';
import type { Json, WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';
import { codexLbRow, encryptDatabase, sealedV1, tightropeRow, writeDatabase } from './foreign-databases';

const KEY = randomBytes(32);
const PASSPHRASE = ' a passphrase with spaces ';
let stage: Stage;
let folder: TempFolder;

beforeAll(async () => {
  stage = await openStage({ accounts: 8, importAll: false });
  folder = await makeTempFolder();
});
afterAll(async () => {
  await stage.close();
  await folder.remove();
});

const file = (name: string): string => path.join(folder.path, name);
const sqlite = (step: string, body: Json): Promise<WholeAnswer> =>
  stage.sidecar.admin('POST', `/api/accounts/import/sqlite/${step}`, body);

async function emails(): Promise<unknown[]> {
  const { accounts } = (await stage.sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  return accounts.map((account) => account['email']);
}

test('codex-lb by upload: the key is asked for, a broken row stops nothing, the accounts serve', async () => {
  const { fake, sidecar } = stage;
  const paused = codexLbRow(fake.account(1), KEY, { status: 'PAUSED' });
  const source = file('codex-lb.db');
  await writeDatabase(source, 'codexLb', [
    codexLbRow(fake.account(0), KEY),
    codexLbRow(fake.account(2), randomBytes(32), { id: 'broken' }),
    paused,
    codexLbRow(fake.account(0), KEY, { id: 'again' }),
  ]);
  const upload = await sidecar.call('/api/accounts/import/sqlite/upload', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${sidecar.adminToken}`,
      'content-type': 'application/octet-stream',
      'x-file-name': '../codex-lb.db',
    },
    body: await readFile(source),
  });
  expect(upload).toMatchObject({ status: 201, json: { fileName: 'codex-lb.db' } });
  const { sourcePath } = upload.json;
  const blind = (await sqlite('preview', { sourcePath })).json;
  expect(blind).toMatchObject({ requiresSourceEncryptionKey: true, totals: { scanned: 4, newCount: 3, skipCount: 1 } });

  const sourceEncryptionKey = KEY.toString('base64url');
  const preview = (await sqlite('preview', { sourcePath, sourceEncryptionKey })).json;
  expect(preview).toMatchObject({
    totals: { scanned: 4, newCount: 2, updateCount: 0, skipCount: 1, invalidCount: 1 },
    rows: [
      { email: fake.account(0).email, provider: 'openai', action: 'new', hasIdToken: true },
      { sourceRowId: 'broken', action: 'invalid', reason: expect.stringContaining('authentication failed') as string },
      { sourceRowId: paused['id'], action: 'new' },
      { sourceRowId: 'again', action: 'skip' },
    ],
  });
  expect(await emails()).toEqual([]);
  const applied = await sqlite('apply', { sourcePath, sourceEncryptionKey });
  expect(applied.json).toMatchObject({
    totals: { scanned: 4, inserted: 2, updated: 0, skipped: 1, invalid: 1, failed: 0 },
  });
  const { accounts } = (await sidecar.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  expect(accounts.map(({ email, status }) => [email, status])).toEqual([
    [fake.account(0).email, 'active'],
    [fake.account(1).email, 'paused'],
  ]);
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  expect((await sqlite('preview', { sourcePath })).json).toMatchObject({ error: { code: 'source_db_not_found' } });
});

test('the original, encrypted: passphrase asked for, wrong, right; its tokens are sealed anew', async () => {
  const { fake } = stage;
  const sourcePath = file('store.db');
  const seats = [tightropeRow(fake.account(3), PASSPHRASE), tightropeRow(fake.account(4), PASSPHRASE)];
  await writeDatabase(sourcePath, 'tightrope', seats, true);
  await encryptDatabase(sourcePath, PASSPHRASE);
  const before = await readFile(sourcePath);
  const code = async (body: Json) => (await sqlite('preview', { sourcePath, ...body })).json['error'];
  expect(await code({})).toMatchObject({ code: 'source_db_passphrase_required' });
  expect(await code({ sourceDatabasePassphrase: PASSPHRASE.trim() })).toMatchObject({
    code: 'source_db_passphrase_invalid',
  });
  const request = { sourcePath, sourceDatabasePassphrase: PASSPHRASE };
  const preview = (await sqlite('preview', request)).json;
  expect(preview).toMatchObject({ requiresSourceDatabasePassphrase: true, totals: { newCount: 2 } });
  const overrides = [{ sourceRowId: '2', action: 'skip' }];
  expect((await sqlite('apply', { ...request, overrides })).json).toMatchObject({
    totals: { inserted: 1, skipped: 1, failed: 0 },
  });
  expect(await emails()).toContain(fake.account(3).email);
  expect(await emails()).not.toContain(fake.account(4).email);
  expect(await readFile(sourcePath)).toEqual(before);
});

test('nothing is overwritten unasked, and a wrong choice for a row is told', async () => {
  const { fake } = stage;
  const sourcePath = file('plain.db');
  await writeDatabase(sourcePath, 'tightrope', [
    tightropeRow(fake.account(5), PASSPHRASE),
    tightropeRow(fake.account(6), PASSPHRASE, { provider: 'anthropic' }),
    { email: 'nobody@example.test', provider: 'openai' },
    tightropeRow(fake.account(7), PASSPHRASE, { access_token_encrypted: sealedV1('split\ntoken', PASSPHRASE) }),
  ]);
  const request = { sourcePath, sourceDatabasePassphrase: PASSPHRASE };
  expect((await sqlite('apply', request)).json).toMatchObject({ totals: { inserted: 1, invalid: 3 } });
  const kept = (await sqlite('preview', { ...request, importWithoutOverwrite: true })).json;
  expect(kept).toMatchObject({ totals: { skipCount: 1, updateCount: 0 } });
  const overrides = [
    { sourceRowId: '1', action: 'new' },
    { sourceRowId: '2', action: 'new' },
    { sourceRowId: '9', action: 'skip' },
  ];
  const result = (await sqlite('apply', { ...request, overrides })).json;
  expect(result).toMatchObject({ totals: { inserted: 0, updated: 0, invalid: 3, failed: 1 } });
  expect(result['warnings']).toEqual([
    expect.stringContaining('in the pool already'),
    expect.stringContaining('no row 9'),
  ]);
});

test('what is no such database is refused in words', async () => {
  const garbage = file('garbage.db');
  await writeFile(garbage, randomBytes(9000));
  const other = file('other.db');
  await writeDatabase(other, 'other', []);
  const cases = [
    [{ sourcePath: 'relative.db' }, 400, 'invalid_source_path'],
    [{ sourcePath: folder.path }, 400, 'invalid_source_path'],
    [{ sourcePath: file('absent.db') }, 404, 'source_db_not_found'],
    [{ sourcePath: garbage, sourceDatabasePassphrase: 'x' }, 400, 'source_db_passphrase_invalid'],
    [{ sourcePath: other }, 400, 'source_schema_unsupported'],
    [{ sourcePath: 7 }, 400, 'invalid_request_payload'],
    [{ sourcePath: file('plain.db'), modifiedAtMs: 1 }, 409, 'source_changed'],
  ] as const;
  for (const [body, status, code] of cases) {
    const answer = await sqlite('apply', body);
    expect({ body, status: answer.status, error: answer.json['error'] }).toMatchObject({ status, error: { code } });
  }
});
