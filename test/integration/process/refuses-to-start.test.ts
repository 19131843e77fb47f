/** What stands in the way of a start is said in one message, and the exit code is 1 (design §11 "Port", "Two processes on one data directory"). */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startFakeUpstream, type FakeUpstream } from '../../fakes/upstream/fake-upstream';
import { runProgram, type ProgramExit } from '../harness/child-program';
import { projectNode, tightropeBundle } from '../harness/project-root';
import { baseEnv, Sidecar } from '../harness/sidecar';
import { makeTempFolder, type TempFolder } from '../harness/temp-folder';

let fake: FakeUpstream;
let folder: TempFolder;
let started: Sidecar[];

beforeEach(async () => {
  started = [];
  folder = await makeTempFolder();
  fake = await startFakeUpstream();
});
afterEach(async () => {
  await Promise.all(started.map((sidecar) => sidecar.discard()));
  await fake.close();
  await folder.remove();
});

/** A sidecar that does not outlive its test. */
async function start(dataFolder?: string): Promise<Sidecar> {
  const sidecar = await Sidecar.start({ fake, ...(dataFolder === undefined ? {} : { dataFolder }) });
  started.push(sidecar);
  return sidecar;
}

type Run = ProgramExit & { readonly stdout: string; readonly stderr: string };

function serve(port: number, database: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const args = [tightropeBundle(), 'serve', '--host', '127.0.0.1', '--port', String(port), '--db', database];
  return runProgram(projectNode(), args, { env: { ...baseEnv(fake, folder.path), ...env }, cwd: folder.path });
}

/** One message for people: no stack, and nothing that says it listens. */
function expectRefusal(run: Run, ...words: readonly RegExp[]): void {
  const said = run.stdout + run.stderr;
  expect({ code: run.code, said }).toMatchObject({ code: 1 });
  for (const word of words) expect(run.stderr).toMatch(word);
  expect(said).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(run.stdout).not.toContain('listening on');
}

test('a port that another Tightrope holds', async () => {
  const other = await start();
  const port = Number(new URL(other.address).port);
  expectRefusal(await serve(port, path.join(folder.path, 'store.db')), new RegExp(String(port)), /tightrope/i);
  await other.stop();
});

test('a port that another program holds', async () => {
  const other = http.createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  expectRefusal(await serve(port, path.join(folder.path, 'store.db')), new RegExp(String(port)), /another program/i);
  await new Promise((resolve) => other.close(resolve));
});

test('a data directory that another process uses: names its pid and address', async () => {
  const running = await start();
  const refused = await serve(0, running.databaseFile);
  expectRefusal(
    refused,
    new RegExp(`\\b${running.program.pid}\\b`),
    new RegExp(running.address.replaceAll('.', '\\.')),
  );
  await running.expectUnharmed();
  await running.stop();
});

test('the data directory is free again after kill -9', async () => {
  const first = await start(folder.path);
  await first.kill9();
  const second = await start(folder.path);
  await second.stop();
});

test('a database file that is none stays as it is', async () => {
  const file = path.join(folder.path, 'store.db');
  const garbage = Buffer.from('this is not a database, '.repeat(500));
  await writeFile(file, garbage);
  expectRefusal(await serve(0, file), /store\.db/);
  expect((await readFile(file)).equals(garbage)).toBe(true);
});

test('a folder that cannot be used', async () => {
  const file = path.join(folder.path, 'not-a-folder');
  await writeFile(file, '');
  expectRefusal(await serve(0, path.join(file, 'store.db')), /not-a-folder/);
});

// Root may write to every folder of a disk, so for root the folder is one of the kernel's.
test('a folder without write permission', async () => {
  const isRoot = process.getuid?.() === 0;
  const closed = isRoot ? '/proc/sys/kernel' : path.join(folder.path, 'closed');
  if (!isRoot) await mkdir(closed, { mode: 0o500 });
  expectRefusal(await serve(0, path.join(closed, 'store.db')), /closed|kernel/);
  if (!isRoot) await chmod(closed, 0o700);
});

test.each([
  ['--port', '70000'],
  ['--port', 'abc'],
  ['--nonsense', 'x'],
])('the argument %s %s', async (flag, value) => {
  const args = [tightropeBundle(), 'serve', flag, value];
  const run = await runProgram(projectNode(), args, { env: baseEnv(fake, folder.path), cwd: folder.path });
  expect(run.code).not.toBe(0);
  expect(run.stderr).toMatch(new RegExp(flag.replace(/^-+/, '')));
});
