/** A database that waits to take the place of the present one: nobody has either open when a process starts. */
import { access, rename, rm } from 'node:fs/promises';
import { prepareDatabaseFile } from './database-file';
import type { Logger } from './logger';
import { codeOf } from './thrown';

/** Where the next start looks for the database to restore. */
export function pendingRestore(file: string): string {
  return `${file}.restore`;
}

/**
 * Puts a waiting database in the place of `file`, which becomes `<file>.before-restore`. Call it under the lock of the
 * data directory, before the database is opened. Does nothing when none waits.
 *
 * @throws TightropeError `db_corrupt`, `db_foreign`, `db_not_writable`; the present database is untouched then
 */
export async function applyPendingRestore(file: string, logger: Logger): Promise<void> {
  const waiting = pendingRestore(file);
  if (!(await exists(waiting))) return;
  await prepareDatabaseFile(waiting);
  const kept = `${file}.before-restore`;
  // The write-ahead log belongs to the file: without it, the kept one would lack its last changes.
  for (const suffix of ['-wal', '-shm', '']) await moveIfThere(`${file}${suffix}`, `${kept}${suffix}`);
  await rename(waiting, file);
  logger.warn('database_restored', { file, kept });
}

async function moveIfThere(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await rename(from, to);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false;
    throw thrown;
  }
}
