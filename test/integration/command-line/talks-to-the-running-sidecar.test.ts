/** Commands that are decided by the running sidecar: sign-in, Codex set-up, log, preview. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { openAiBody } from '../harness/bodies';
import { eventually } from '../harness/eventually';
import { ChildProgram, runProgram, type ProgramExit } from '../harness/child-program';
import { projectNode, tightropeBundle } from '../harness/project-root';
import { baseEnv, Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

type Run = ProgramExit & { readonly stdout: string; readonly stderr: string };

let fake: FakeUpstream;
let home: TempFolder;
let sidecar: Sidecar;

beforeAll(async () => {
  home = await makeTempFolder();
  fake = await startFakeUpstream({ accounts: 2 });
  sidecar = await Sidecar.start({ fake, env: { CODEX_HOME: home.path } });
  await sidecar.importAccounts(fake.accounts.slice(0, 1));
});
afterAll(async () => {
  await sidecar.stop();
  await fake.close();
  await home.remove();
});

const options = () => ({ env: { ...baseEnv(fake, home.path), CODEX_HOME: home.path }, cwd: home.path });
const words = (args: readonly string[]): string[] => [tightropeBundle(), ...args, '--db', sidecar.databaseFile];
const tightrope = (...args: readonly string[]): Promise<Run> => runProgram(projectNode(), words(args), options());

test('codex setup shows the difference, writes it, and undo takes it back', async () => {
  const file = path.join(home.path, 'config.toml');
  await writeFile(file, 'model = "gpt-5.5"\n');
  const dry = await tightrope('codex', 'setup', '--dry-run');
  expect(dry.stdout).toContain('+model_provider = "tightrope"');
  expect(await readFile(file, 'utf8')).toBe('model = "gpt-5.5"\n');
  const done = await tightrope('codex', 'setup');
  expect({ code: done.code, said: done.stderr }).toMatchObject({
    code: 0,
    said: expect.stringContaining('codex undo') as string,
  });
  expect(await readFile(file, 'utf8')).toContain(`base_url = "${sidecar.address}/backend-api/codex"`);
  expect((await tightrope('codex', 'undo')).code).toBe(0);
  expect(await readFile(file, 'utf8')).toBe('model = "gpt-5.5"\n');
  expect(await tightrope('codex', 'undo')).toMatchObject({ code: 1 });
});

test('login --device prints a code, waits for it, and names the new account', async () => {
  const account = fake.account(1);
  const login = new ChildProgram(projectNode(), words(['login', '--device']), options());
  const code = await eventually('a code', () => Promise.resolve(/enter the code (\S+)/.exec(login.stderr)?.[1]));
  fake.device.approve(code, account);
  expect(await login.exited).toEqual({ code: 0, signal: null });
  expect(login.stdout).toContain('account-2@example.test');
});

test('the log and the preview say who served and who would', async () => {
  await sidecar.post('/v1/responses', openAiBody({ stream: false }));
  const logs = await tightrope('logs', '--limit', '1', '--json');
  expect(JSON.parse(logs.stdout)).toMatchObject({ path: '/v1/responses', statusCode: 200 });
  expect((await tightrope('logs')).stdout).toContain('/v1/responses');
  const preview = await tightrope('routing', 'preview', '--model', 'gpt-5.5');
  expect({ code: preview.code, out: preview.stdout }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^serves: /) as string,
  });
});

test('without a sidecar the command says how to start one', async () => {
  const run = await runProgram(
    projectNode(),
    [tightropeBundle(), 'logs', '--db', path.join(home.path, 'other', 'store.db')],
    options(),
  );
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/No sidecar runs on .*serve/);
});

test.each(['bash', 'zsh', 'fish'])('completion for %s knows commands and options', async (shell) => {
  const run = await runProgram(projectNode(), [tightropeBundle(), 'completion', shell], options());
  expect(run.code).toBe(0);
  for (const word of ['accounts', 'import', '--skip-existing', 'codex']) expect(run.stdout).toContain(word);
});

test('an unknown shell is refused with the known ones', async () => {
  const run = await runProgram(projectNode(), [tightropeBundle(), 'completion', 'tcsh'], options());
  expect({ code: run.code, said: run.stderr }).toEqual({
    code: 1,
    said: expect.stringContaining('bash, zsh, fish') as string,
  });
});
