/** The secret of an API key: how it is made, what is kept of it, how one is told from other bearers. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What every secret begins with. */
const MARK = 'sk-tr-';
const RANDOM_BYTES = 32;
/** Shown to tell keys apart (spec/data-security.md 8.1). */
const PREFIX_CHARACTERS = 15;

export interface NewSecret {
  /** Shown once, stored nowhere. */
  readonly secret: string;
  readonly hash: string;
  readonly prefix: string;
}

export function newSecret(): NewSecret {
  const secret = MARK + randomBytes(RANDOM_BYTES).toString('base64url');
  return { secret, hash: hashOf(secret), prefix: secret.slice(0, PREFIX_CHARACTERS) };
}

/** SHA-256 in lower-case hex. 256 random bits need no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether a bearer claims to be one of our keys: then it must be a good one, whatever else would let the caller in. */
export function looksLikeKey(presented: string): boolean {
  return presented.startsWith(MARK);
}

/** Compares two hashes in constant time. */
export function sameHash(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
