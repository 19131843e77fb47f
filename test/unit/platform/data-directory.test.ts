import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { lockDataDirectory, readRuntimeFile, type DataDirectoryLock } from '../../../sidecar/platform/data-directory';
import { startProgram } from './child-program';
import { temporaryDirectory } from './temp-directory';

const directory = temporaryDirectory();
const held: DataDirectoryLock[] = [];

afterEach(async () => {
  for (const lock of held.splice(0)) await lock.release();
});

async function take(place = directory()): Promise<DataDirectoryLock> {
  const lock = await lockDataDirectory(place);
  held.push(lock);
  return lock;
}

const RUNNING = { address: 'http://127.0.0.1:1', version: '1', instanceId: 'i' };

async function mode(name: string): Promise<number> {
  return (await stat(path.join(directory(), name))).mode & 0o777;
}

test('a missing directory is created for its owner only', async () => {
  const place = path.join(directory(), 'a', 'b');
  await take(place);
  expect((await stat(place)).mode & 0o777).toBe(0o700);
});

test('nobody gets a directory that this process holds, also not this process', async () => {
  await take();
  await expect(lockDataDirectory(directory())).rejects.toMatchObject({ code: 'data_directory_locked' });
  await expect(lockDataDirectory(directory())).rejects.toMatchObject({ code: 'data_directory_locked' });
});

test('holding a directory takes one empty file', async () => {
  await take();
  expect(await readdir(directory())).toEqual(['tightrope.lock']);
});

test('a released directory can be taken again', async () => {
  const lock = await take();
  await lock.release();
  await lock.release();
  await take();
});

test('the refusal names the holder and its address', async () => {
  const lock = await take();
  await lock.announce(RUNNING);
  await expect(lockDataDirectory(directory())).rejects.toMatchObject({
    message: expect.stringMatching(new RegExp(`pid ${process.pid}.*http://127.0.0.1:1`)) as string,
    details: { pid: process.pid, address: RUNNING.address },
  });
});

test('a killed holder leaves no lock and no word of itself', async () => {
  const program = await startProgram('hold-directory', directory(), directory());
  await program.lines.next();
  await expect(lockDataDirectory(directory())).rejects.toMatchObject({
    code: 'data_directory_locked',
    details: { pid: program.pid, address: 'http://127.0.0.1:2455' },
  });
  await program.kill();
  await take();
  expect(await readRuntimeFile(directory())).toBeNull();
});

test('the runtime file tells who runs, to the owner only, and goes with the lock', async () => {
  const lock = await take();
  expect(await readRuntimeFile(directory())).toBeNull();
  await lock.announce(RUNNING);
  expect(await readRuntimeFile(directory())).toEqual({
    ...RUNNING,
    pid: process.pid,
    startedAtMs: expect.any(Number) as number,
  });
  expect(await mode('runtime.json')).toBe(0o600);
  await lock.release();
  expect(await readRuntimeFile(directory())).toBeNull();
});

test('a runtime file that makes no sense tells nothing', async () => {
  await writeFile(path.join(directory(), 'runtime.json'), '{"pid":');
  expect(await readRuntimeFile(directory())).toBeNull();
  await writeFile(path.join(directory(), 'runtime.json'), '{"pid":"1"}');
  expect(await readRuntimeFile(directory())).toBeNull();
});

test('the node id is made once', async () => {
  const lock = await take();
  const id = await lock.nodeId();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(await lock.nodeId()).toBe(id);
  expect((await readFile(path.join(directory(), 'node-id'), 'utf8')).trim()).toBe(id);
  expect(await mode('node-id')).toBe(0o600);
  await lock.release();
  expect(await (await take()).nodeId()).toBe(id);
});

test('a directory whose lock file cannot be made is refused by name', async () => {
  await mkdir(path.join(directory(), 'tightrope.lock'));
  await expect(lockDataDirectory(directory())).rejects.toMatchObject({
    code: 'db_not_writable',
    message: expect.stringContaining(directory()) as string,
  });
});
