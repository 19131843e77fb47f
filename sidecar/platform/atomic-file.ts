/** Replaces a file so that a reader, or a crash at any moment, sees either the old content or the new one. */
import { open, rename, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';

/**
 * Writes `data` beside `file`, syncs it to disk and renames it over `file`.
 * @param mode permission bits of the file, also when it replaces one with other bits (e.g. 0o600).
 * @throws the file system's error; the temporary file is gone then and `file` is untouched.
 */
export async function writeFileAtomic(file: string, data: string | Uint8Array, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      // The umask narrows the mode of `open`; the caller's mode is what must hold.
      await handle.chmod(mode);
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(path.dirname(file));
}

/** Makes a rename in this directory durable. Windows cannot open directories and syncs its metadata by itself. */
export async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
