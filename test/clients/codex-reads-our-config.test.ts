/** The real Codex binary reads every configuration that set-up leaves behind. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { editConfig } from '../../sidecar/codex-setup/config-edit';
import { wantedConfig } from '../../sidecar/codex-setup/wanted-config';
import { makeTempFolder, type TempFolder } from '../integration/harness/temp-folder';
import { HARD_CONFIGS } from '../unit/codex-setup/hard-configs';
import { codexProgram } from './codex-program';

const run = promisify(execFile);
const BASE_URL = 'http://127.0.0.1:2455/backend-api/codex';

let folder: TempFolder;

beforeAll(async () => {
  folder = await makeTempFolder('tightrope-codex-config-');
});
afterAll(() => folder.remove());

/** `codex features list` reads the configuration and calls nobody. */
async function read(name: string, text: string): Promise<void> {
  const home = path.join(folder.path, name.replaceAll(/\W+/g, '-'));
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'config.toml'), text);
  await run(codexProgram(), ['features', 'list'], {
    env: { PATH: process.env['PATH'] ?? '', HOME: home, CODEX_HOME: home },
  });
}

test('Codex refuses a configuration that is wrong, so that reading one proves something', async () => {
  await expect(read('broken', 'model_provider = "absent"\nmodel = 3\n')).rejects.toThrow();
});

test.each(HARD_CONFIGS)('$name', async ({ name, text }) => {
  await read(name, editConfig(text, wantedConfig(BASE_URL, { envKey: null })));
});
