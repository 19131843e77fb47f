/** Databases of codex-lb and of the original Tightrope, made by the schemas that spec data-security 10.1, 2.3 and 5.9 describe. */
import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import nacl from 'tweetnacl';
import type { FakeAccount } from '../../fakes/upstream/account';
import { openRaw } from '../../../sidecar/platform/sqlite-connection';

const PAGE = 4096;
const RESERVED = 80;

type Value = string | number | Buffer | null;
export type Row = Readonly<Record<string, Value>>;

/** A Fernet token as codex-lb writes it. */
export function fernet(plain: string, key: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head[0] = 0x80;
  head.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000)), 1);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv);
  const signed = Buffer.concat([head, iv, cipher.update(plain, 'utf8'), cipher.final()]);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  const text = Buffer.concat([signed, mac]).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return Buffer.from(text);
}

/** A token as the original seals it under its passphrase. */
export function sealedV1(plain: string, passphrase: string): string {
  const key = createHash('sha256').update(`tightrope:token-store:session:v1:${passphrase}`).digest();
  const nonce = randomBytes(24);
  const box = nacl.secretbox(Buffer.from(plain), nonce, key);
  return `tightrope-token:v1:${Buffer.concat([nonce, box]).toString('base64url')}`;
}

export function codexLbRow(account: FakeAccount, key: Buffer, more: Row = {}): Row {
  const { accessToken, refreshToken, idToken } = account.login.current;
  return {
    id: `${account.chatgptAccountId}_${randomBytes(4).toString('hex')}`,
    chatgpt_account_id: account.chatgptAccountId,
    email: account.email,
    plan_type: 'pro',
    access_token_encrypted: fernet(accessToken, key),
    refresh_token_encrypted: fernet(refreshToken, key),
    id_token_encrypted: fernet(idToken, key),
    status: 'ACTIVE',
    ...more,
  };
}

export function tightropeRow(account: FakeAccount, passphrase: string, more: Row = {}): Row {
  const { accessToken, refreshToken, idToken } = account.login.current;
  return {
    email: account.email,
    provider: 'openai',
    chatgpt_account_id: account.chatgptAccountId,
    plan_type: 'pro',
    access_token_encrypted: sealedV1(accessToken, passphrase),
    refresh_token_encrypted: sealedV1(refreshToken, passphrase),
    id_token_encrypted: sealedV1(idToken, passphrase),
    status: 'active',
    ...more,
  };
}

const CODEX_LB = `CREATE TABLE accounts (id VARCHAR PRIMARY KEY, chatgpt_account_id VARCHAR, email VARCHAR NOT NULL,
  plan_type VARCHAR NOT NULL, access_token_encrypted BLOB NOT NULL, refresh_token_encrypted BLOB NOT NULL,
  id_token_encrypted BLOB NOT NULL, last_refresh DATETIME, created_at DATETIME, status VARCHAR(14) NOT NULL,
  deactivation_reason TEXT, reset_at INTEGER)`;
const TIGHTROPE = `CREATE TABLE accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT, provider TEXT,
  chatgpt_account_id TEXT, plan_type TEXT, access_token_encrypted BLOB, refresh_token_encrypted BLOB,
  id_token_encrypted BLOB, last_refresh TEXT, status TEXT NOT NULL DEFAULT 'active')`;

export const SCHEMAS = { codexLb: CODEX_LB, tightrope: TIGHTROPE, other: 'CREATE TABLE things (id INTEGER)' } as const;

/** Writes a plain database. `reserved` leaves room at the end of pages as SQLCipher does. */
export async function writeDatabase(
  file: string,
  schema: keyof typeof SCHEMAS,
  rows: readonly Row[],
  reserved = false,
): Promise<void> {
  if (reserved) await writeReservedPage(file);
  const database = await openRaw(file, 'create');
  try {
    await database.execute(SCHEMAS[schema]);
    for (const row of rows) {
      const names = Object.keys(row);
      const marks = names.map(() => '?').join(', ');
      await database.run({
        sql: `INSERT INTO accounts (${names.join(', ')}) VALUES (${marks})`,
        bindings: Object.values(row).map((value) => (Buffer.isBuffer(value) ? value.toString() : value)),
      });
    }
  } finally {
    await database.close();
  }
}

/** An empty database of one page whose header says 80 reserved bytes. */
async function writeReservedPage(file: string): Promise<void> {
  const database = await openRaw(file, 'create');
  await database.execute(`PRAGMA page_size = ${PAGE}`);
  await database.execute('PRAGMA user_version = 1');
  await database.close();
  const page = await readFile(file);
  page[20] = RESERVED;
  page.writeUInt16BE(PAGE - RESERVED, 105);
  await writeFile(file, page);
}

/** Encrypts a plain database with reserved bytes as SQLCipher 4 does. */
export async function encryptDatabase(file: string, passphrase: string): Promise<void> {
  const plain = await readFile(file);
  const salt = randomBytes(16);
  const key = pbkdf2Sync(passphrase, salt, 256_000, 32, 'sha512');
  const macKey = pbkdf2Sync(key, Buffer.from(salt.map((byte) => byte ^ 0x3a)), 2, 32, 'sha512');
  const pages: Buffer[] = [];
  for (let index = 0; index * PAGE < plain.length; index += 1) {
    const start = index === 0 ? 16 : 0;
    const data = plain.subarray(index * PAGE + start, (index + 1) * PAGE - RESERVED);
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false);
    const sealed = Buffer.concat([cipher.update(data), cipher.final()]);
    const number = Buffer.alloc(4);
    number.writeUInt32LE(index + 1);
    const mac = createHmac('sha512', macKey).update(sealed).update(iv).update(number).digest();
    pages.push(...(index === 0 ? [salt] : []), sealed, iv, mac);
  }
  await writeFile(file, Buffer.concat(pages));
}
