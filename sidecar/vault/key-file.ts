/**
 * The file that holds the data key, form TRKF2 (spec/data-security.md 5.8). Protected by a passphrase it has five lines:
 * magic, `scrypt:15:8:1`, salt, nonce, ciphertext (hex). Without one it has three: magic, `none`, the key itself in hex;
 * then the file's mode 0600 is all that protects it.
 */
import { randomBytes, scrypt } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import nacl from 'tweetnacl';
import { writeFileAtomic } from '../platform/atomic-file';
import { TightropeError } from '../platform/errors';
import { codeOf } from '../platform/thrown';
import { DATA_KEY_BYTES } from './token-box';

const MAGIC = 'TRKF2';
const UNPROTECTED = 'none';
const SALT_BYTES = 32;
const NONCE_BYTES = nacl.secretbox.nonceLength;
const BOX_BYTES = DATA_KEY_BYTES + nacl.secretbox.overheadLength;

/** Written by us: N = 2^15, r = 8, p = 1 (spec/data-security.md 5.7). */
const SCRYPT = { log2n: 15, r: 8, p: 1 } as const;
/** Read from others: the costs a file may ask for, so that a broken one cannot take the machine's memory. */
const SCRYPT_LIMIT = { log2n: 20, r: 16, p: 4 } as const;
/** A key file has under 300 bytes; more than this is some other file. */
const MAX_FILE_BYTES = 4096;
const NOT_OWNER = 0o077;

/** A data key and what its file says about the care taken of it. The caller wipes `dataKey`. */
export interface KeyFileContent {
  readonly dataKey: Buffer;
  /** Whether a passphrase protects the file. */
  readonly protected: boolean;
  /** Whether its group or everybody may read the file; always `false` where the platform has no such modes. */
  readonly exposed: boolean;
}

/**
 * Reads a key file.
 *
 * @returns `null` when there is no such file.
 * @throws TightropeError `vault_unusable` naming the path and what is wrong with the file or the passphrase.
 */
export async function readKeyFile(path: string, passphrase: string | null): Promise<KeyFileContent | null> {
  const file = await readSmallFile(path);
  if (file === null) return null;
  const lines = file.text.split('\n').map((line) => line.trimEnd());
  if (lines[0] === 'TRKF1') throw unusable(path, 'has the old form TRKF1, which cannot be read any more; re-create it');
  if (lines[0] !== MAGIC) throw unusable(path, 'is not a Tightrope key file');
  if (lines[1] === UNPROTECTED) {
    return { dataKey: hexLine(path, lines[2], DATA_KEY_BYTES, 'key'), protected: false, exposed: file.exposed };
  }
  if (passphrase === null) throw unusable(path, 'needs a passphrase and none is configured');
  return { dataKey: await unwrap(path, lines, passphrase), protected: true, exposed: file.exposed };
}

/** Makes a new random data key and its file (0600, replaced whole); its folder is made when it is missing. */
export async function createKeyFile(path: string, passphrase: string | null): Promise<Buffer> {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  try {
    await writeKeyFile(path, dataKey, passphrase);
  } catch (error) {
    dataKey.fill(0);
    throw error;
  }
  return dataKey;
}

/**
 * Wraps a data key under a passphrase (`null` = none) and replaces its file whole: a reader, or a death at any moment, finds
 * the old file or the new one.
 * @throws TightropeError `vault_unusable` when it cannot be written; the old file is untouched then
 */
export async function writeKeyFile(path: string, dataKey: Uint8Array, passphrase: string | null): Promise<void> {
  const lines =
    passphrase === null ? [UNPROTECTED, Buffer.from(dataKey).toString('hex')] : await wrap(dataKey, passphrase);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, `${[MAGIC, ...lines].join('\n')}\n`, 0o600);
  } catch (error) {
    throw unusable(path, `could not be written (${codeOf(error) ?? 'unknown reason'})`);
  }
}

/** Whether there is a key file that a passphrase protects. */
export async function isProtectedKeyFile(path: string): Promise<boolean> {
  const lines = (await readSmallFile(path))?.text.split('\n').map((line) => line.trimEnd());
  return lines?.[0] === MAGIC && lines[1] !== UNPROTECTED;
}

async function readSmallFile(path: string): Promise<{ text: string; exposed: boolean } | null> {
  try {
    const handle = await open(path, 'r');
    try {
      const stats = await handle.stat();
      if (!stats.isFile() || stats.size > MAX_FILE_BYTES) throw unusable(path, 'is not a Tightrope key file');
      const exposed = process.platform !== 'win32' && (stats.mode & NOT_OWNER) !== 0;
      return { text: await handle.readFile('utf8'), exposed };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof TightropeError) throw error;
    if (codeOf(error) === 'ENOENT') return null;
    throw unusable(path, `could not be read (${codeOf(error) ?? 'unknown reason'})`);
  }
}

async function wrap(dataKey: Uint8Array, passphrase: string): Promise<string[]> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const keyEncryptionKey = await deriveKey(passphrase, salt, SCRYPT);
  const box = nacl.secretbox(dataKey, nonce, keyEncryptionKey);
  keyEncryptionKey.fill(0);
  const costs = `scrypt:${SCRYPT.log2n}:${SCRYPT.r}:${SCRYPT.p}`;
  return [costs, salt.toString('hex'), nonce.toString('hex'), Buffer.from(box).toString('hex')];
}

async function unwrap(path: string, lines: readonly string[], passphrase: string): Promise<Buffer> {
  const costs = scryptCosts(path, lines[1]);
  const salt = hexLine(path, lines[2], SALT_BYTES, 'salt');
  const nonce = hexLine(path, lines[3], NONCE_BYTES, 'nonce');
  const box = hexLine(path, lines[4], BOX_BYTES, 'ciphertext');
  const keyEncryptionKey = await deriveKey(passphrase, salt, costs);
  const dataKey = nacl.secretbox.open(box, nonce, keyEncryptionKey);
  keyEncryptionKey.fill(0);
  if (dataKey === null)
    throw new TightropeError('vault_wrong_passphrase', {
      message: `The token key file ${path} does not open with this passphrase.`,
    });
  return Buffer.from(dataKey.buffer, dataKey.byteOffset, dataKey.byteLength);
}

interface ScryptCosts {
  readonly log2n: number;
  readonly r: number;
  readonly p: number;
}

function scryptCosts(path: string, line: string | undefined): ScryptCosts {
  const [, log2n = 0, r = 0, p = 0] = (/^scrypt:(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(line ?? '') ?? []).map(Number);
  const sane = log2n >= 1 && r >= 1 && p >= 1;
  if (!sane || log2n > SCRYPT_LIMIT.log2n || r > SCRYPT_LIMIT.r || p > SCRYPT_LIMIT.p) {
    throw unusable(path, 'has a second line that is neither "none" nor scrypt costs this version accepts');
  }
  return { log2n, r, p };
}

function deriveKey(passphrase: string, salt: Uint8Array, { log2n, r, p }: ScryptCosts): Promise<Buffer> {
  const N = 2 ** log2n;
  // Node's default limit is exactly what N=2^15, r=8 takes, which it then refuses: give it twice what is needed.
  const maxmem = 2 * 128 * N * r * p;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, DATA_KEY_BYTES, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function hexLine(path: string, line: string | undefined, bytes: number, what: string): Buffer {
  if (line === undefined || line.length !== bytes * 2 || !/^[0-9a-fA-F]+$/.test(line)) {
    throw unusable(path, `is damaged: its ${what} is not ${bytes * 2} hex digits`);
  }
  return Buffer.from(line, 'hex');
}

/** Messages name the path and the fault; never the key, and no system error text that could quote the file. */
function unusable(path: string, fault: string): TightropeError {
  return new TightropeError('vault_unusable', { message: `The token key file ${path} ${fault}.` });
}
