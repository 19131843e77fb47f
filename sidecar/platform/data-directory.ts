/** One process per data directory: the lock, who holds it, and the id that the directory carries for ever. */
import { open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from './atomic-file';
import { HOLD_FILE_LOCK } from './dialect';
import { TightropeError } from './errors';
import { uuidv7 } from './ids';
import { createPrivateDirectory } from './private-directory';
import { openRaw, type SqliteConnection } from './sqlite-connection';
import { sqliteCode } from './sqlite-errors';
import { codeOf, messageOf } from './thrown';

const LOCK_FILE = 'tightrope.lock';
const RUNTIME_FILE = 'runtime.json';
const NODE_ID_FILE = 'node-id';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a running process tells about itself, in `runtime.json`. */
export interface RuntimeFile {
  readonly pid: number;
  /** `http://127.0.0.1:2455` */
  readonly address: string;
  readonly version: string;
  /** UUIDv7, new with every start. */
  readonly instanceId: string;
  /** UTC ms. */
  readonly startedAtMs: number;
}

/** Possession of a data directory. */
export interface DataDirectoryLock {
  /** Absolute path. */
  readonly directory: string;
  /** Writes `runtime.json` (0600): from now on others can find this process. */
  announce(running: Pick<RuntimeFile, 'address' | 'version' | 'instanceId'>): Promise<void>;
  /** The id of this installation (UUIDv7), created at first need and kept in the file `node-id` (0600). */
  nodeId(): Promise<string>;
  /** Removes `runtime.json` and frees the lock. Later calls do nothing. */
  release(): Promise<void>;
}

/**
 * Takes possession of `directory`, which is created (0700) when missing. The lock is one of the operating system's, held by
 * SQLite on a small file of its own: the kernel frees it however the process ends, so no stale lock can be left behind.
 * @throws TightropeError `data_directory_locked` naming pid and address of the holder, `db_not_writable`, `db_driver_missing`
 */
export async function lockDataDirectory(directory: string): Promise<DataDirectoryLock> {
  const absolute = path.resolve(directory);
  const connection = await holdLock(absolute);
  // Whoever wrote it is gone: the lock was free.
  await rm(path.join(absolute, RUNTIME_FILE), { force: true });
  return new HeldDirectory(absolute, connection);
}

/** What the process that uses `directory` tells about itself; `null` when none does or it is only just starting. */
export async function readRuntimeFile(directory: string): Promise<RuntimeFile | null> {
  const text = await readIfThere(path.join(directory, RUNTIME_FILE));
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isRuntimeFile(value) ? value : null;
  } catch {
    // Not ours, or damaged: then nothing is known about the process.
    return null;
  }
}

async function holdLock(directory: string): Promise<SqliteConnection> {
  const file = path.join(directory, LOCK_FILE);
  let connection: SqliteConnection | null = null;
  try {
    await createPrivateDirectory(directory);
    await createLockFile(file);
    connection = await openRaw(file, 'existing');
    for (const statement of HOLD_FILE_LOCK) await connection.execute(statement);
    return connection;
  } catch (cause) {
    await connection?.close();
    if (cause instanceof TightropeError) throw cause;
    throw sqliteCode(cause) === 'SQLITE_BUSY' ? await lockedBy(directory, cause) : unusable(directory, cause);
  }
}

/**
 * Never opens an existing file: POSIX drops all locks of a process on a file when the process closes any descriptor of it
 * (sqlite.org/howtocorrupt.html, 2.2), and this process may hold the lock already.
 */
async function createLockFile(file: string): Promise<void> {
  try {
    await (await open(file, 'wx', 0o600)).close();
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

async function lockedBy(directory: string, cause: unknown): Promise<TightropeError> {
  const holder = await readRuntimeFile(directory);
  const who = holder === null ? 'Another Tightrope (still starting, or a command)' : describe(holder);
  const nextStep =
    holder === null
      ? 'Wait for it to end, or choose another database with --db.'
      : `Use it at ${holder.address}, stop it (kill ${holder.pid}), or choose another database with --db.`;
  return new TightropeError('data_directory_locked', {
    message: `${who} uses the data directory ${directory}. ${nextStep}`,
    details: { directory, nextStep, ...(holder === null ? {} : { pid: holder.pid, address: holder.address }) },
    cause,
  });
}

function describe({ pid, address, version }: RuntimeFile): string {
  return `Another Tightrope (pid ${pid}, ${address}, version ${version})`;
}

function unusable(directory: string, cause: unknown): TightropeError {
  const nextStep = 'Give this user write access to it, or choose another database with --db.';
  return new TightropeError('db_not_writable', {
    message: `The data directory ${directory} cannot be used: ${messageOf(cause)}. ${nextStep}`,
    details: { directory, nextStep },
    cause,
  });
}

class HeldDirectory implements DataDirectoryLock {
  private released: Promise<void> | null = null;

  constructor(
    readonly directory: string,
    private readonly connection: SqliteConnection,
  ) {}

  announce(running: Pick<RuntimeFile, 'address' | 'version' | 'instanceId'>): Promise<void> {
    const { address, version, instanceId } = running;
    const content: RuntimeFile = { pid: process.pid, address, version, instanceId, startedAtMs: Date.now() };
    return writeFileAtomic(this.path(RUNTIME_FILE), `${JSON.stringify(content, null, 2)}\n`, 0o600);
  }

  async nodeId(): Promise<string> {
    const known = (await readIfThere(this.path(NODE_ID_FILE)))?.trim();
    if (known !== undefined && UUID.test(known)) return known;
    const id = uuidv7();
    await writeFileAtomic(this.path(NODE_ID_FILE), `${id}\n`, 0o600);
    return id;
  }

  release(): Promise<void> {
    this.released ??= this.giveUp();
    return this.released;
  }

  private async giveUp(): Promise<void> {
    await rm(this.path(RUNTIME_FILE), { force: true });
    await this.connection.close();
  }

  private path(name: string): string {
    return path.join(this.directory, name);
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function isRuntimeFile(value: unknown): value is RuntimeFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'address' in value &&
    typeof value.address === 'string' &&
    'version' in value &&
    typeof value.version === 'string' &&
    'instanceId' in value &&
    typeof value.instanceId === 'string' &&
    'startedAtMs' in value &&
    typeof value.startedAtMs === 'number'
  );
}
