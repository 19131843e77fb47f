/** Short names for long opaque values, so that an index can hold them without holding them. */
import { hash } from 'node:crypto';

/** Characters of base64url: 132 bits, far beyond any chance of two values with one name. */
const NAME_LENGTH = 22;
/**
 * Ciphertext is told by its end: it closes with a code over all that stands before (codex-wire 2.3: `gAAAA…` is a Fernet token,
 * whose last 32 bytes are its HMAC). One name costs about a microsecond this way, however long the value is.
 */
const TOLD_BY_BYTES = 96;

/** Name of an opaque value. */
export function fingerprint(value: string | Buffer): string {
  return hash('sha1', value, 'base64url').slice(0, NAME_LENGTH);
}

/** Name of a ciphertext, its bytes without the quotes. */
export function ciphertextMark(value: Buffer): string {
  return fingerprint(value.length > TOLD_BY_BYTES ? value.subarray(-TOLD_BY_BYTES) : value);
}
