/** Passwords as `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, base64 without padding (spec/data-security.md 7.1). */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const LOG2_N = 15;
const R = 8;
const P = 1;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const FORM = /^\$scrypt\$ln=15,r=8,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Hashes under a new salt. Takes some 0.2 s of another thread. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `$scrypt$ln=${LOG2_N},r=${R},p=${P}$${text(salt)}$${text(await derive(password, salt))}`;
}

/** Whether the password is the one behind the hash; a hash of another form matches nothing. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, salt, hash] = FORM.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return false;
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64')), Buffer.from(hash, 'base64'));
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  // Node's default limit is exactly what N=2^15, r=8 takes, which it then refuses.
  const costs = { N: 2 ** LOG2_N, r: R, p: P, maxmem: 2 * 128 * 2 ** LOG2_N * R };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, HASH_BYTES, costs, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function text(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
