/**
 * Turns a SQLCipher 4 file into a plain SQLite file, page by page (spec/data-security.md 5.9). Nothing but node:crypto:
 * there is no prebuilt SQLCipher for the driver we have.
 */
import { createDecipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';

export const SQLITE_MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

const PAGE_BYTES = 4096;
const SALT_BYTES = 16;
const IV_BYTES = 16;
const MAC_BYTES = 64;
const RESERVED_BYTES = IV_BYTES + MAC_BYTES;
const KEY_BYTES = 32;
const KEY_ROUNDS = 256_000;
const MAC_KEY_ROUNDS = 2;
const MAC_SALT_MASK = 0x3a;
/** Pages between two pauses for whoever else needs the process; 1 MiB takes a few ms. */
const PAGES_AT_ONCE = 256;

const derive = promisify(pbkdf2);

/** Whether bytes begin as a plain SQLite file does. */
export function isPlainSqlite(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength)
    .subarray(0, SQLITE_MAGIC.length)
    .equals(SQLITE_MAGIC);
}

/** The plain file, or `null` when the passphrase does not open it. @throws Error naming a damaged page further on */
export async function decryptSqlCipher(file: Buffer, passphrase: string): Promise<Buffer | null> {
  if (file.length < PAGE_BYTES || file.length % PAGE_BYTES !== 0) return null;
  const salt = file.subarray(0, SALT_BYTES);
  const key = await derive(passphrase, salt, KEY_ROUNDS, KEY_BYTES, 'sha512');
  const macSalt = Buffer.from(salt.map((byte) => byte ^ MAC_SALT_MASK));
  const macKey = await derive(key, macSalt, MAC_KEY_ROUNDS, KEY_BYTES, 'sha512');
  const plain = Buffer.alloc(file.length);
  for (let page = 0; page * PAGE_BYTES < file.length; page += 1) {
    const sealed = file.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES);
    const start = page === 0 ? SALT_BYTES : 0;
    const opened = openPage(sealed, start, page + 1, key, macKey);
    if (opened === null && page === 0) return null;
    if (opened === null) throw new Error(`page ${page + 1} is damaged`);
    const target = page * PAGE_BYTES;
    if (page === 0) SQLITE_MAGIC.copy(plain, 0);
    opened.copy(plain, target + start);
    sealed.copy(plain, target + PAGE_BYTES - RESERVED_BYTES, PAGE_BYTES - RESERVED_BYTES);
    if (page % PAGES_AT_ONCE === PAGES_AT_ONCE - 1) await breathe();
  }
  key.fill(0);
  macKey.fill(0);
  return plain;
}

function openPage(sealed: Buffer, start: number, number: number, key: Buffer, macKey: Buffer): Buffer | null {
  const dataEnd = PAGE_BYTES - RESERVED_BYTES;
  const pageNumber = Buffer.alloc(4);
  pageNumber.writeUInt32LE(number);
  const mac = createHmac('sha512', macKey)
    .update(sealed.subarray(start, dataEnd + IV_BYTES))
    .update(pageNumber)
    .digest();
  if (!timingSafeEqual(mac, sealed.subarray(dataEnd + IV_BYTES))) return null;
  const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(dataEnd, dataEnd + IV_BYTES));
  decipher.setAutoPadding(false);
  return Buffer.concat([decipher.update(sealed.subarray(start, dataEnd)), decipher.final()]);
}
