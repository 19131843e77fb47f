/**
 * Sealed text: NaCl secretbox under a purpose subkey of the data key, written so that a reader can tell by which key
 * a value was sealed (spec/data-security.md 5.1, 5.8):
 *
 *     tightrope-token:v2:<key id>:<base64url(nonce 24 + box)>
 *     tightrope-secret:v2:<purpose>:<key id>:<base64url(nonce 24 + box)>
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import nacl from 'tweetnacl';

/** What a sealed value is for. Each purpose has its own subkey: a value moved between purposes does not open. */
export type SealPurpose = 'token' | 'totp' | 'cluster-secret';

/** Length of the data key in bytes. */
export const DATA_KEY_BYTES = nacl.secretbox.keyLength;

const NONCE_BYTES = nacl.secretbox.nonceLength;
const SEALED_TOKEN = /^tightrope-token:v2:([0-9a-f]{8}):/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Form of the predecessor: secretbox directly under the data key, no key id (spec/data-security.md 5.2). */
const V1_PREFIX = 'tightrope-token:v1:';

/** Seals and opens text of one purpose. */
export interface TokenBox {
  seal(plain: string): string;
  /** The text, or `null` when the value is damaged or sealed by another key or for another purpose. */
  open(sealed: string): string | null;
  /** Overwrites the key; the box opens and seals nothing afterwards. */
  wipe(): void;
}

/** Eight hex digits that name a data key without telling it (spec/data-security.md 5.8). */
export function keyIdOf(dataKey: Uint8Array): string {
  return createHash('sha256').update('tightrope:key-id:v2:').update(dataKey).digest('hex').slice(0, 8);
}

/** The key id a sealed token carries; `null` for any other text. A value's first 28 characters are enough. */
export function sealedUnderKeyId(stored: string): string | null {
  return SEALED_TOKEN.exec(stored)?.[1] ?? null;
}

/** Whether a stored value is sealed at all, in today's form or the predecessor's; anything else is plaintext. */
export function isSealed(stored: string): boolean {
  return sealedUnderKeyId(stored) !== null || isSealedV1(stored);
}

/** Whether a stored value has the predecessor's sealed form. */
export function isSealedV1(stored: string): boolean {
  return stored.startsWith(V1_PREFIX);
}

/** Opens a value of the predecessor's form; `null` when damaged or sealed by another key. */
export function openV1(stored: string, dataKey: Uint8Array): string | null {
  return openText(stored.slice(V1_PREFIX.length), dataKey);
}

/** A box for one purpose. The data key is only read; the box owns the subkey it derives from it. */
export function createTokenBox(dataKey: Uint8Array, purpose: SealPurpose): TokenBox {
  const subkey = createHmac('sha256', dataKey).update(`tightrope:purpose:${purpose}`).digest();
  const prefix = `${purpose === 'token' ? 'tightrope-token:v2:' : `tightrope-secret:v2:${purpose}:`}${keyIdOf(dataKey)}:`;
  let wiped = false;
  return {
    seal(plain) {
      if (wiped) throw new Error('the token box was closed');
      const nonce = randomBytes(NONCE_BYTES);
      const box = nacl.secretbox(Buffer.from(plain, 'utf8'), nonce, subkey);
      return prefix + Buffer.concat([nonce, box]).toString('base64url');
    },
    open(sealed) {
      if (wiped || !sealed.startsWith(prefix)) return null;
      return openText(sealed.slice(prefix.length), subkey);
    },
    wipe() {
      wiped = true;
      subkey.fill(0);
    },
  };
}

function openText(text: string, key: Uint8Array): string | null {
  if (!BASE64URL.test(text)) return null;
  const payload = Buffer.from(text, 'base64url');
  if (payload.length < NONCE_BYTES + nacl.secretbox.overheadLength) return null;
  const plain = nacl.secretbox.open(payload.subarray(NONCE_BYTES), payload.subarray(0, NONCE_BYTES), key);
  return plain === null ? null : Buffer.from(plain).toString('utf8');
}
