import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDatabase } from '../../../sidecar/platform/database';
import { lockDataDirectory } from '../../../sidecar/platform/data-directory';
import { recordingLogger } from './recording-logger';
import { temporaryDirectory } from './temp-directory';

/** Permissions bind everybody but root, so root becomes nobody for these tests. */
const NOBODY = 65534;

const isRoot = process.geteuid?.() === 0;

// Before the directory's own hook, which removes it as root.
afterEach(() => {
  if (isRoot) process.seteuid?.(0);
});

const directory = temporaryDirectory();

beforeEach(async () => {
  await chmod(directory(), 0o755);
  if (isRoot) process.seteuid?.(NOBODY);
});

async function asOwner(body: () => Promise<void>): Promise<void> {
  if (isRoot) process.seteuid?.(0);
  await body();
  if (isRoot) process.seteuid?.(NOBODY);
}

test('a directory without write access is refused by name', async () => {
  const place = path.join(directory(), 'place');
  await asOwner(() => mkdir(place, { mode: 0o555 }).then(() => chmod(place, 0o555)));
  const file = path.join(place, 'store.db');
  await expect(openDatabase({ file, logger: recordingLogger() })).rejects.toMatchObject({
    code: 'db_not_writable',
    message: expect.stringContaining(file) as string,
  });
  await expect(lockDataDirectory(place)).rejects.toMatchObject({ code: 'db_not_writable' });
});

test('a file without write access is refused', async () => {
  const file = path.join(directory(), 'store.db');
  await asOwner(async () => {
    await writeFile(file, '');
    await chmod(file, 0o444);
  });
  await expect(openDatabase({ file, logger: recordingLogger() })).rejects.toMatchObject({ code: 'db_not_writable' });
});
