/** Opens Fernet tokens, the form in which codex-lb stores its logins (spec/data-security.md 5.9). The time inside is not checked. */
import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';

const VERSION = 0x80;
const KEY_BYTES = 32;
const HEAD_BYTES = 9;
const IV_BYTES = 16;
const MAC_BYTES = 32;
const BLOCK_BYTES = 16;
const LEAST_CHARS = 57;

export type FernetResult = { readonly plain: string } | { readonly fault: string };

/** Whether stored text is a Fernet token by its looks. */
export function isFernet(stored: string): boolean {
  const text = stored.trim();
  return text.length >= LEAST_CHARS && text.startsWith('gAAAA') && /^[A-Za-z0-9_=-]+$/.test(text);
}

/** The 32 bytes of a key written in base64url, padded or not; `null` when it is none. */
export function readFernetKey(text: string): Buffer | null {
  if (!/^[A-Za-z0-9_+/-]+={0,2}$/.test(text.trim())) return null;
  const key = Buffer.from(text.trim(), 'base64url');
  return key.length === KEY_BYTES ? key : null;
}

/** Opens a token; the fault is in words and holds nothing of token or key. */
export function openFernet(stored: string, key: Buffer): FernetResult {
  const token = Buffer.from(stored.trim(), 'base64url');
  if (token.length < HEAD_BYTES + IV_BYTES + BLOCK_BYTES + MAC_BYTES) return { fault: 'the token is too short' };
  if (token[0] !== VERSION) return { fault: 'the token has an unsupported version' };
  const signed = token.subarray(0, -MAC_BYTES);
  const mac = createHmac('sha256', key.subarray(0, 16)).update(signed).digest();
  if (!timingSafeEqual(mac, token.subarray(-MAC_BYTES)))
    return { fault: 'authentication failed: the key is another one' };
  const sealed = signed.subarray(HEAD_BYTES + IV_BYTES);
  if (sealed.length % BLOCK_BYTES !== 0) return { fault: 'the token has a wrong length' };
  const decipher = createDecipheriv(
    'aes-128-cbc',
    key.subarray(16),
    signed.subarray(HEAD_BYTES, HEAD_BYTES + IV_BYTES),
  );
  try {
    return { plain: Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8') };
  } catch {
    return { fault: 'the token does not decrypt' }; // wrong padding is all that can be left
  }
}
