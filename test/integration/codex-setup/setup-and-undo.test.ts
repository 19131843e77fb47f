/** Codex's configuration through the routes: shown, changed, taken back byte for byte. */
import { chmod, mkdir, readdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import type { WholeAnswer } from '../harness/json-call';
import { Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

const BEFORE = '# mine\r\nmodel_provider = "other"\r\n\r\n[profiles.x]\r\nmodel_provider = "azure"\r\n';

let fake: FakeUpstream;
let home: TempFolder;
let sidecar: Sidecar;
let config: string;

beforeEach(async () => {
  home = await makeTempFolder();
  config = path.join(home.path, 'config.toml');
  fake = await startFakeUpstream({ accounts: 1 });
  sidecar = await Sidecar.start({ fake, env: { CODEX_HOME: home.path } });
});
afterEach(async () => {
  await sidecar.stop();
  await fake.close();
  await home.remove();
});

const setUp = (body: Record<string, unknown> = {}): Promise<WholeAnswer> =>
  sidecar.admin('POST', '/api/codex/setup', body);
const undo = (body: Record<string, unknown> = {}): Promise<WholeAnswer> =>
  sidecar.admin('POST', '/api/codex/setup/undo', body);
const state = async (): Promise<WholeAnswer['json']> => (await sidecar.admin('GET', '/api/codex/setup')).json;

test('a file that is there is shown, changed with a backup, and restored to the byte', async () => {
  await writeFile(config, BEFORE);
  await chmod(config, 0o640);
  expect(await state()).toMatchObject({ exists: true, configured: false, canUndo: false, bypassingProfiles: ['x'] });
  const shown = await setUp({ dryRun: true });
  expect(shown.json['diff']).toContain('-model_provider = "other"');
  expect(await readFile(config, 'utf8')).toBe(BEFORE);

  const done = await setUp();
  expect(done.json).toMatchObject({ status: 'configured', changed: true, restartRequired: true });
  expect(await readFile(String(done.json['backupPath']), 'utf8')).toBe(BEFORE);
  const after = await readFile(config, 'utf8');
  expect(after).toContain(`base_url = "${sidecar.address}/backend-api/codex"\r\n`);
  expect(after).toContain('[profiles.x]\r\nmodel_provider = "azure"');
  expect((await stat(config)).mode & 0o777).toBe(0o640);
  expect(await state()).toMatchObject({ configured: true, issues: [], canUndo: true });
  expect((await setUp()).json).toMatchObject({ status: 'already_configured', changed: false });

  expect((await undo()).json).toMatchObject({ status: 'restored', removed: false });
  expect(await readFile(config, 'utf8')).toBe(BEFORE);
  expect((await undo()).json['error']).toMatchObject({ code: 'codex_setup_nothing_to_undo' });
});

test('undo of a file that was not there takes it away', async () => {
  await setUp();
  expect(await readdir(home.path)).toEqual(['config.toml']);
  expect((await undo()).json).toMatchObject({ removed: true });
  expect(await readdir(home.path)).toEqual([]);
});

test('a profile is a file of its own', async () => {
  await writeFile(config, BEFORE);
  await setUp({ mode: 'profile' });
  expect(await readFile(config, 'utf8')).toBe(BEFORE);
  expect(await readFile(path.join(home.path, 'tightrope.config.toml'), 'utf8')).toContain(
    'model_provider = "tightrope"',
  );
  expect(await state()).toMatchObject({ configured: false, profile: { configured: true } });
});

test('a link stays a link', async () => {
  const real = path.join(home.path, 'dotfiles');
  await mkdir(real);
  await writeFile(path.join(real, 'codex.toml'), BEFORE);
  await symlink(path.join('dotfiles', 'codex.toml'), config);
  await setUp();
  expect(await realpath(config)).toBe(await realpath(path.join(real, 'codex.toml')));
  expect(await readFile(path.join(real, 'codex.toml'), 'utf8')).toContain('[model_providers.tightrope]');
});

test('undo does not throw away what was changed since, unless told to', async () => {
  await writeFile(config, BEFORE);
  await setUp();
  await writeFile(config, `${await readFile(config, 'utf8')}# later\r\n`);
  const refused = await undo();
  expect(refused.status).toBe(409);
  expect(refused.json['error']).toMatchObject({ code: 'codex_config_changed' });
  await undo({ force: true });
  expect(await readFile(config, 'utf8')).toBe(BEFORE);
});

test('a broken file is named with its place and left alone; "not now" is remembered', async () => {
  await writeFile(config, 'model = \n');
  expect(await state()).toMatchObject({ configured: false, invalid: expect.stringContaining('line 1') as string });
  const refused = await setUp();
  expect({ status: refused.status, error: refused.json['error'] }).toMatchObject({
    status: 409,
    error: { code: 'codex_config_invalid' },
  });
  expect(await readFile(config, 'utf8')).toBe('model = \n');
  expect((await setUp({ dismiss: true })).json).toMatchObject({ status: 'dismissed' });
  expect(await state()).toMatchObject({ dismissed: true });
});

test('wrong types are named', async () => {
  const refused = await setUp({ mode: 'everything' });
  expect(refused.status).toBe(400);
  expect(JSON.stringify(refused.json)).toContain('mode');
});
