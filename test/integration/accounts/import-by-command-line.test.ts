/** `tightrope accounts import FILE…` works with and without a running sidecar (issue point 5; design §11 "Two processes"). */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { authJsonOf, writeAuthJsonFiles } from '../../fakes/upstream/auth-json';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { runProgram, type ProgramExit } from '../harness/child-program';
import type { Json } from '../harness/json-call';
import { projectNode, tightropeBundle } from '../harness/project-root';
import { findLeaks } from '../harness/secret-scan';
import { baseEnv, Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let data: TempFolder;
let logins: TempFolder;
let files: string[];
let sidecar: Sidecar | null;

beforeEach(async () => {
  sidecar = null;
  data = await makeTempFolder();
  logins = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 3 });
  files = await writeAuthJsonFiles(logins.path, fake.accounts);
});
afterEach(async () => {
  await sidecar?.discard();
  await fake.close();
  await data.remove();
  await logins.remove();
});

type Run = ProgramExit & { readonly stdout: string; readonly stderr: string };

async function tightrope(...args: readonly string[]): Promise<Run> {
  const run = await runProgram(projectNode(), [tightropeBundle(), ...args, '--db', path.join(data.path, 'store.db')], {
    env: baseEnv(fake, data.path),
    cwd: data.path,
  });
  expect(await findLeaks(fake.secrets(), { stdout: run.stdout, stderr: run.stderr }, data.path)).toEqual([]);
  return run;
}

async function emails(from: Sidecar): Promise<unknown[]> {
  const { accounts } = (await from.admin('GET', '/api/accounts')).json as { accounts: readonly Json[] };
  return accounts.map((account) => account['email']).sort();
}

const ALL = ['account-1@example.test', 'account-2@example.test', 'account-3@example.test'];

test('several files before the first start', async () => {
  const run = await tightrope('accounts', 'import', ...files);
  expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 });
  for (const email of ALL) expect(run.stdout).toContain(email);
  sidecar = await Sidecar.start({ fake, dataFolder: data.path });
  expect(await emails(sidecar)).toEqual(ALL);
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  await sidecar.stop();
});

test('while a sidecar runs, which serves the account at once', async () => {
  sidecar = await Sidecar.start({ fake, dataFolder: data.path });
  const run = await tightrope('accounts', 'import', ...files);
  expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 0 });
  expect(await emails(sidecar)).toEqual(ALL);
  expect((await sidecar.post('/v1/responses', openAiBody({ stream: false }))).status).toBe(200);
  await sidecar.stop();
});

test('a file with an array of logins', async () => {
  const file = path.join(logins.path, 'many.json');
  await writeFile(file, JSON.stringify(fake.accounts.map((account) => authJsonOf(account))));
  expect((await tightrope('accounts', 'import', file)).code).toBe(0);
  const list = await tightrope('accounts', 'list');
  for (const email of ALL) expect(list.stdout).toContain(email);
});

test('a bad file among good ones is named, the good ones are taken, the exit code says no', async () => {
  const bad = path.join(logins.path, 'bad.json');
  await writeFile(bad, '{"tokens":');
  const run = await tightrope('accounts', 'import', files[0] ?? '', bad, path.join(logins.path, 'absent.json'));
  expect(run.code).not.toBe(0);
  expect(run.stdout + run.stderr).toMatch(/bad\.json/);
  expect(run.stdout + run.stderr).toMatch(/absent\.json/);
  sidecar = await Sidecar.start({ fake, dataFolder: data.path });
  expect(await emails(sidecar)).toEqual(['account-1@example.test']);
  await sidecar.stop();
});
