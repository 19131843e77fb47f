/**
 * Copies of the database file beside it, made while it is in use. The logins in them stay sealed under the key of this data
 * directory: a copy is worth nothing without it.
 */
import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Backup } from '../contract/backup';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { prepareDatabaseFile } from '../platform/database-file';
import { TightropeError } from '../platform/errors';
import { pendingRestore } from '../platform/pending-restore';
import { createPrivateDirectory } from '../platform/private-directory';
import { codeOf } from '../platform/thrown';

const KEPT = 10;
/** `backup-<UTC ms>.db` */
const NAME = /^backup-(\d{13})\.db$/;

export class Backups {
  readonly #database: Pick<Database, 'backup' | 'file' | 'write'>;
  readonly #clock: Clock;
  readonly #folder: string;
  /** One after the other: each has a name of its own millisecond, and deleting looks at all of them. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Pick<Database, 'backup' | 'file' | 'write'>, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#folder = path.join(path.dirname(database.file), 'backups');
  }

  /** Newest first. */
  async list(): Promise<Backup[]> {
    const names = (await this.#names()).filter((name) => NAME.test(name)).sort();
    return Promise.all(names.reverse().map((name) => this.#describe(name)));
  }

  /** @throws TightropeError `db_backup_failed` */
  create(): Promise<Backup> {
    const made = this.#last.then(() => this.#create());
    this.#last = made.catch(() => undefined); // the caller gets the error; the next copy starts afresh
    return made;
  }

  /**
   * Puts a copy of the copy where the next start looks for it.
   *
   * @throws TightropeError `backup_not_found`, `db_corrupt`, `db_foreign`; nothing is put anywhere then
   */
  async restoreAtNextStart(name: string): Promise<void> {
    if (!NAME.test(name) || !(await this.#names()).includes(name)) throw new TightropeError('backup_not_found');
    const target = pendingRestore(this.#database.file);
    const checked = `${target}.partial`;
    await rm(checked, { force: true });
    await copyFile(path.join(this.#folder, name), checked);
    try {
      await prepareDatabaseFile(checked);
      await rm(target, { force: true });
      await copyFile(checked, target);
    } finally {
      for (const suffix of ['', '-wal', '-shm']) await rm(`${checked}${suffix}`, { force: true });
    }
  }

  async #create(): Promise<Backup> {
    await createPrivateDirectory(this.#folder);
    await this.#database.write.flush();
    const name = `backup-${String(this.#clock.now())}.db`;
    await this.#database.backup(path.join(this.#folder, name));
    const old = (await this.list()).slice(KEPT);
    for (const { name: oldName } of old) await rm(path.join(this.#folder, oldName), { force: true });
    return this.#describe(name);
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (thrown) {
      if (codeOf(thrown) === 'ENOENT') return [];
      throw thrown;
    }
  }

  async #describe(name: string): Promise<Backup> {
    const { size } = await stat(path.join(this.#folder, name));
    const createdAtMs = Number(NAME.exec(name)?.[1]);
    return { name, sizeBytes: size, createdAt: new Date(createdAtMs).toISOString(), createdAtMs };
  }
}
