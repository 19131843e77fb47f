/**
 * The token that scripts and off-machine callers present on `/api` (design §5, §10): `TIGHTROPE_ADMIN_TOKEN`, else the
 * file `admin-token` in the data directory, made at the first start.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';
import { codeOf } from '../platform/thrown';

/** Owner may read and write, nobody else anything. */
const PRIVATE_MODE = 0o600;
const GENERATED_BYTES = 32;
/** Below this a token could be guessed. */
const MIN_CHARACTERS = 16;

export interface AdminToken {
  /** Compares digests in constant time, so neither content nor length of the token leaks. */
  matches(presented: string): boolean;
  readonly source: 'configured' | 'file';
}

export interface AdminTokenOptions {
  /** `config.admin.token`; `null` or blank = use the file. */
  readonly configured: string | null;
  /** Absolute path of the data directory; it exists. */
  readonly dataDir: string;
  readonly logger: Logger;
}

/** Where the token of a data directory lies. */
export function adminTokenFile(dataDir: string): string {
  return join(dataDir, 'admin-token');
}

/** Loads the token, making or mending its file where needed. Throws when the file can be neither read nor written. */
export async function loadAdminToken(options: AdminTokenOptions): Promise<AdminToken> {
  const configured = options.configured?.trim() ?? '';
  if (configured !== '') {
    if (configured.length < MIN_CHARACTERS) {
      options.logger.warn('admin_token_short', { characters: configured.length, atLeast: MIN_CHARACTERS });
    }
    return { source: 'configured', matches: matcher(configured) };
  }
  return { source: 'file', matches: matcher(await tokenFromFile(adminTokenFile(options.dataDir), options.logger)) };
}

async function tokenFromFile(file: string, logger: Logger): Promise<string> {
  const stored = await readIfThere(file);
  if (stored !== null && stored.length >= MIN_CHARACTERS) {
    await closePermissions(file, logger);
    return stored;
  }
  if (stored !== null) logger.warn('admin_token_replaced', { file, reason: 'the file held no usable token' });
  const token = randomBytes(GENERATED_BYTES).toString('base64url');
  await writeFileAtomic(file, `${token}\n`, PRIVATE_MODE);
  return token;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Windows has no such bits; the profile folder's access list protects the file there. */
async function closePermissions(file: string, logger: Logger): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  logger.warn('admin_token_permissions_closed', { file, mode: (mode & 0o777).toString(8) });
  await chmod(file, PRIVATE_MODE);
}

function matcher(token: string): (presented: string) => boolean {
  const expected = digest(token);
  return (presented) => timingSafeEqual(digest(presented), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
