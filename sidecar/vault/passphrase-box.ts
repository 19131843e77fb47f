/**
 * Bytes sealed under a passphrase, as one line of text that carries all it takes to open it but the passphrase:
 *
 *     tightrope-sealed:v1:scrypt:15:8:1:<salt base64url>:<base64url(nonce 24 + secretbox)>
 */
import { randomBytes, scrypt } from 'node:crypto';
import nacl from 'tweetnacl';

/** N = 2^15, r = 8, p = 1 (spec/data-security.md 5.7). */
const COSTS = { log2n: 15, r: 8, p: 1 } as const;
const SALT_BYTES = 32;
const NONCE_BYTES = nacl.secretbox.nonceLength;
const PREFIX = `tightrope-sealed:v1:scrypt:${COSTS.log2n}:${COSTS.r}:${COSTS.p}`;
const SEALED = new RegExp(`^${PREFIX}:([A-Za-z0-9_-]{43}):([A-Za-z0-9_-]+)$`);

export async function sealUnderPassphrase(plain: Uint8Array, passphrase: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const key = await deriveKey(passphrase, salt);
  const box = nacl.secretbox(plain, nonce, key);
  key.fill(0);
  return `${PREFIX}:${salt.toString('base64url')}:${Buffer.concat([nonce, box]).toString('base64url')}`;
}

/** The bytes, or `null` when the text is no such box, is damaged, or the passphrase is another one. */
export async function openUnderPassphrase(sealed: string, passphrase: string): Promise<Buffer | null> {
  const [, salt, payloadText] = SEALED.exec(sealed.trim()) ?? [];
  if (salt === undefined || payloadText === undefined) return null;
  const payload = Buffer.from(payloadText, 'base64url');
  if (payload.length < NONCE_BYTES + nacl.secretbox.overheadLength) return null;
  const key = await deriveKey(passphrase, Buffer.from(salt, 'base64url'));
  const plain = nacl.secretbox.open(payload.subarray(NONCE_BYTES), payload.subarray(0, NONCE_BYTES), key);
  key.fill(0);
  return plain === null ? null : Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}

function deriveKey(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const { log2n, r, p } = COSTS;
  const N = 2 ** log2n;
  // Node's default limit is exactly what these costs take, which it then refuses: give it twice what is needed.
  const maxmem = 2 * 128 * N * r * p;
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, nacl.secretbox.keyLength, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
