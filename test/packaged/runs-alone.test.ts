/** The executable from an empty folder, without Node and without a home: page, import, stream, stop. */
import { copyFile, mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { CodexHome } from '../clients/codex-home';
import { conversation, type ScriptedTurn } from '../fakes/upstream/conversation';
import { startFakeUpstream, type FakeUpstream } from '../fakes/upstream/fake-upstream';
import { openAiBody } from '../integration/harness/bodies';
import { Sidecar } from '../integration/harness/sidecar';
import { makeTempFolder, type TempFolder } from '../integration/harness/temp-folder';
import { executable } from './executable';

let folder: TempFolder;
let fake: FakeUpstream;
let sidecar: Sidecar;

beforeAll(async () => {
  folder = await makeTempFolder('tightrope-packed-');
  fake = await startFakeUpstream({ accounts: 2 });
  const program = path.join(folder.path, 'tightrope');
  await copyFile(executable(), program);
  const dataFolder = path.join(folder.path, 'data');
  await mkdir(dataFolder);
  sidecar = await Sidecar.start({ fake, dataFolder, program: [program], env: { PATH: '/nonexistent' } });
});
afterAll(async () => {
  await sidecar.discard();
  await fake.close();
  await folder.remove();
});

test('it serves the page with its script and style sheet', async () => {
  const page = await sidecar.call('/');
  expect(page.status).toBe(200);
  const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const file of files) expect((await sidecar.call(file)).status).toBe(200);
});

test('it imports a login and streams an answer', async () => {
  await sidecar.importAccounts(fake.accounts);
  const stream = await sidecar.stream('/v1/responses', openAiBody());
  const events = await stream.rest();
  expect(events.at(-1)?.name).toBe('response.completed');
});

test('the real Codex CLI completes a prompt with a tool call through it', async () => {
  const turn: ScriptedTurn = { commands: ['echo packed > proof.txt; cat proof.txt'], message: 'It is written.' };
  fake.scripts.responses.always(conversation([turn]));
  const codex = await CodexHome.make(folder.path, sidecar.address, { kind: 'env_key', key: 'any-key' });
  const run = await codex.exec('Write the proof.');
  expect({ code: run.code, last: run.lastMessage }).toEqual({ code: 0, last: turn.message });
  expect(await readFile(path.join(folder.path, 'work', 'proof.txt'), 'utf8')).toBe('packed\n');
}, 120_000);

test('it stops cleanly and leaves nothing beside its data', async () => {
  await sidecar.stop();
  expect(sidecar.program.stderr).not.toMatch(/ error /);
  const codexFolders = ['codex-home', 'work'];
  const left = (await readdir(folder.path)).filter((name) => !codexFolders.includes(name));
  expect(left.sort()).toEqual(['data', 'tightrope']);
});
