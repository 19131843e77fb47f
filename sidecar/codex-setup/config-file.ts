/** Codex's configuration files on disk: where they are, what they say, and how one is replaced without ever being half-written. */
import { mkdir, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file';
import { TightropeError } from '../platform/errors';
import { messageOf } from '../platform/thrown';

/** Backups that are kept beside the file (spec/data-security.md 12.1). */
const KEPT_BACKUPS = 5;
const BACKUP = '.tightrope-backup-';
const NEW_FILE_MODE = 0o600;

export interface ConfigFile {
  /** As a person knows it; may be a link. */
  readonly path: string;
  /** `null` = there is none. */
  readonly text: string | null;
}

/** `default` = every Codex run uses Tightrope; `profile` = only `codex --profile tightrope`. */
export type SetupMode = 'default' | 'profile';

/**
 * Profiles are files of their own since Codex 0.16x: it refuses `--profile x` beside a `[profiles.x]` table in `config.toml`
 * (tried with 0.169.0).
 */
const FILES: Readonly<Record<SetupMode, string>> = { default: 'config.toml', profile: 'tightrope.config.toml' };

/** In `CODEX_HOME`, else in `~/.codex`. */
export function codexConfigPath(codexHome: string | null, mode: SetupMode): string {
  return path.join(codexHome ?? path.join(homedir(), '.codex'), FILES[mode]);
}

/** @throws TightropeError `codex_config_read_failed` */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  try {
    return { path: file, text: await readFile(file, 'utf8') };
  } catch (cause) {
    if (isAbsent(cause)) return { path: file, text: null };
    throw failed('codex_config_read_failed', file, cause);
  }
}

/**
 * Replaces the file's content and keeps its mode; a link stays a link. What was there is copied beside it first.
 * @returns path of the copy, `null` when there was nothing to copy or none was wanted
 * @throws TightropeError `codex_config_write_failed`; the file is untouched then
 */
export async function replaceConfigFile(
  file: string,
  text: string,
  { backup, now }: { readonly backup: boolean; readonly now: Date },
): Promise<string | null> {
  try {
    const target = await targetOf(file);
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const mode = await modeOf(target);
    const backupPath = backup && mode !== null ? await backUp(target, mode, now) : null;
    await writeFileAtomic(target, text, mode ?? NEW_FILE_MODE);
    return backupPath;
  } catch (cause) {
    throw failed('codex_config_write_failed', file, cause);
  }
}

/**
 * Puts a backup's bytes back; without one the file is taken away, as there was none before.
 * @throws TightropeError `codex_config_write_failed`
 */
export async function restoreConfigFile(file: string, backupPath: string | null): Promise<void> {
  try {
    const target = await targetOf(file);
    if (backupPath === null) await rm(target, { force: true });
    else await writeFileAtomic(target, await readFile(backupPath), (await modeOf(backupPath)) ?? NEW_FILE_MODE);
  } catch (cause) {
    throw failed('codex_config_write_failed', file, cause);
  }
}

/** What the links lead to; the path itself while nothing is there. */
async function targetOf(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (cause) {
    if (isAbsent(cause)) return file;
    throw cause;
  }
}

async function modeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mode & 0o777;
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw cause;
  }
}

async function backUp(target: string, mode: number, now: Date): Promise<string> {
  const stamp = now.toISOString().replace(/[-:]/g, '');
  const copy = `${target}${BACKUP}${stamp}`;
  await writeFileAtomic(copy, await readFile(target), mode);
  const folder = path.dirname(target);
  const prefix = path.basename(target) + BACKUP;
  const backups = (await readdir(folder)).filter((name) => name.startsWith(prefix)).sort();
  for (const old of backups.slice(0, -KEPT_BACKUPS)) await rm(path.join(folder, old), { force: true });
  return copy;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

function failed(
  code: 'codex_config_read_failed' | 'codex_config_write_failed',
  file: string,
  cause: unknown,
): TightropeError {
  const verb = code === 'codex_config_read_failed' ? 'read' : 'written';
  return new TightropeError(code, { message: `${file} could not be ${verb}: ${messageOf(cause)}`, cause });
}
