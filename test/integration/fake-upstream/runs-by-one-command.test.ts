/** `npm run fake-upstream` starts it, says how to point Tightrope at it and writes logins that import (issue point 10). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ChildProgram } from '../harness/child-program';
import { PROJECT_ROOT, projectNode } from '../harness/project-root';
import { jsonOf } from '../harness/sse-parser';
import { openEventStream } from '../harness/sse-client';
import { jsonCall } from '../harness/json-call';
import { codexBody } from '../harness/bodies';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let folder: TempFolder;
let program: ChildProgram;

beforeEach(async () => {
  folder = await makeTempFolder();
  const main = ['build/run-node.mjs', 'test/fakes/upstream/main.ts'];
  const args = ['--port', '0', '--accounts', '2', '--write-auth', folder.path];
  program = new ChildProgram(projectNode(), [...main, ...args], {
    env: { PATH: process.env['PATH'] },
    cwd: PROJECT_ROOT,
  });
});
afterEach(async () => {
  program.signal('SIGTERM');
  await program.exited;
  await folder.remove();
});

test('its logins are accepted and it streams', async () => {
  const [, address = ''] = await program.waitForOutput(/^TIGHTROPE_UPSTREAM_BASE_URL=(\S+)$/m, 30_000);
  await program.waitForOutput(/account-2\.auth\.json/, 30_000);
  const file = await readFile(path.join(folder.path, 'account-1.auth.json'), 'utf8');
  const { tokens } = JSON.parse(file) as { tokens: { access_token: string; account_id: string } };
  const headers = { authorization: `Bearer ${tokens.access_token}`, 'chatgpt-account-id': tokens.account_id };
  const stream = await openEventStream(`${address}/codex/responses`, jsonCall(codexBody(), headers));
  expect(jsonOf((await stream.rest()).at(-1) ?? null).type).toBe('response.completed');
});
