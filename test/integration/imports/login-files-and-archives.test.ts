/** Logins out of files: many, of several programs, in archives; looked at first (spec ui 11.1 "D"; data-security 4.4). */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { zipSync } from 'fflate';
import { authJsonOf } from '../../fakes/upstream/auth-json';
import type { FakeAccount } from '../../fakes/upstream/account';
import type { Json, WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const BOUNDARY = 'tightrope-test-boundary';
let stage: Stage;
let codexHome: TempFolder;

beforeAll(async () => {
  codexHome = await makeTempFolder();
  stage = await openStage({ accounts: 6, importAll: false, env: { CODEX_HOME: codexHome.path } });
  await mkdir(codexHome.path, { recursive: true });
  await writeFile(path.join(codexHome.path, 'auth.json'), JSON.stringify(authJsonOf(stage.fake.account(0))));
});
afterAll(async () => {
  await stage.close();
  await codexHome.remove();
});

function upload(query: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<WholeAnswer> {
  const parts = Object.entries(files).flatMap(([name, content]) => [
    Buffer.from(
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ]);
  return stage.sidecar.call(`/api/accounts/import/files${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stage.sidecar.adminToken}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
    },
    body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]),
  });
}

const text = (account: FakeAccount): string => JSON.stringify(authJsonOf(account));

/** A credential file of CLIProxyAPI: tokens flat, with their kind. */
function cliProxyApi(account: FakeAccount, type = 'codex'): string {
  const { accessToken, refreshToken, idToken } = account.login.current;
  return JSON.stringify({
    type,
    email: account.email,
    account_id: account.chatgptAccountId,
    id_token: idToken,
    access_token: accessToken,
    refresh_token: refreshToken,
    last_refresh: new Date().toISOString(),
    expired: new Date().toISOString(),
  });
}

const actions = (answer: WholeAnswer): unknown[] =>
  (answer.json['results'] as readonly Json[]).map(({ file, action }) => [file, action]);

test('a preview says what would happen and warns of a login that the Codex CLI uses; nothing is changed', async () => {
  const { fake, sidecar } = stage;
  const answer = await upload('?dryRun=true', { 'a.json': text(fake.account(0)), 'b.json': text(fake.account(1)) });
  expect(answer).toMatchObject({ status: 200, json: { dryRun: true } });
  expect(answer.json['results']).toMatchObject([
    {
      file: 'a.json',
      action: 'created',
      email: fake.account(0).email,
      accountId: null,
      expired: false,
      warning: expect.stringContaining('Codex CLI') as string,
    },
    { file: 'b.json', action: 'created', warning: null },
  ]);
  expect((await sidecar.admin('GET', '/api/accounts')).json).toEqual({ accounts: [] });
});

test('files of every kind at once: the broken ones are named, the rest is taken', async () => {
  const { fake } = stage;
  const archive = zipSync({
    'pool/one.json': Buffer.from(text(fake.account(2))),
    'pool/two.json': Buffer.from(cliProxyApi(fake.account(3))),
    'pool/gemini.json': Buffer.from(cliProxyApi(fake.account(3), 'gemini')),
  });
  const answer = await upload('', {
    'a.json': text(fake.account(0)),
    'broken.json': '{"tokens":',
    'list.json': JSON.stringify({ accounts: [authJsonOf(fake.account(4)), { tokens: {} }] }),
    'pool.zip': archive,
  });
  expect(actions(answer).sort()).toEqual(
    [
      ['a.json', 'created'],
      ['broken.json', 'invalid'],
      ['list.json', 'created'],
      ['list.json', 'invalid'],
      ['pool.zip/pool/gemini.json', 'invalid'],
      ['pool.zip/pool/one.json', 'created'],
      ['pool.zip/pool/two.json', 'created'],
    ].sort(),
  );
  expect(answer.text).not.toContain(fake.account(0).login.current.refreshToken);
});

test('what is there stays when that is asked for', async () => {
  const again = await upload('?onDuplicate=skip', { 'a.json': text(stage.fake.account(0)) });
  expect(again.json['results']).toMatchObject([{ action: 'skipped', error: { code: 'already_imported' } }]);
  expect(actions(await upload('', { 'a.json': text(stage.fake.account(0)) }))).toEqual([['a.json', 'updated']]);
});

test('no files and no form are refused', async () => {
  expect(await upload('', {})).toMatchObject({ status: 400, json: { error: { code: 'empty_upload' } } });
  const json = await stage.sidecar.admin('POST', '/api/accounts/import/files', {});
  expect(json).toMatchObject({ status: 415, json: { error: { code: 'unsupported_media_type' } } });
  expect(await upload('?dryRun=perhaps', { a: 'b' })).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_query' } },
  });
});
