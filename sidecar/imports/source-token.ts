/** A token as another program stored it, made plain (spec/data-security.md 5.2, 5.9, 10.3). */
import { createHash } from 'node:crypto';
import { createTokenBox, DATA_KEY_BYTES, isSealed, isSealedV1, openV1 } from '../vault/token-box';
import { isFernet, openFernet, readFernetKey } from './fernet';

/** What a person gave to open the tokens with; `null` = nothing. */
export interface SourceSecrets {
  /** A Fernet key of codex-lb, or the 64 hex digits of another Tightrope's data key. */
  readonly encryptionKey: string | null;
  /** The database passphrase, under which the original sealed its tokens too. Spaces count. */
  readonly passphrase: string | null;
}

export type SourceToken =
  | { readonly kind: 'plain'; readonly text: string }
  /** It is sealed and what opens it was not given. */
  | { readonly kind: 'needs'; readonly what: 'encryption key' | 'passphrase' }
  | { readonly kind: 'fault'; readonly reason: string };

const SESSION_KEY_PREFIX = 'tightrope:token-store:session:v1:';

export function readSourceToken(stored: string, { encryptionKey, passphrase }: SourceSecrets): SourceToken {
  if (isFernet(stored)) {
    if (encryptionKey === null) return { kind: 'needs', what: 'encryption key' };
    const key = readFernetKey(encryptionKey);
    if (key === null) return fault('the encryption key is not 32 bytes in base64');
    const opened = openFernet(stored, key);
    return 'plain' in opened ? { kind: 'plain', text: opened.plain.trim() } : fault(opened.fault);
  }
  if (!isSealed(stored)) return { kind: 'plain', text: stored };
  const dataKey = readDataKey(encryptionKey);
  const keys = isSealedV1(stored) && passphrase !== null ? [sessionKey(passphrase)] : [];
  if (dataKey !== null) keys.push(dataKey);
  if (keys.length === 0) return { kind: 'needs', what: isSealedV1(stored) ? 'passphrase' : 'encryption key' };
  for (const key of keys) {
    const plain = isSealedV1(stored) ? openV1(stored, key) : openV2(stored, key);
    if (plain !== null) return { kind: 'plain', text: plain.trim() };
  }
  return fault('it is sealed under another passphrase or key');
}

/** One fast hash without salt: the original's own choice (spec 5.2). */
function sessionKey(passphrase: string): Buffer {
  return createHash('sha256').update(SESSION_KEY_PREFIX).update(passphrase, 'utf8').digest();
}

function readDataKey(text: string | null): Buffer | null {
  const hex = text?.trim() ?? '';
  return /^[0-9a-fA-F]+$/.test(hex) && hex.length === DATA_KEY_BYTES * 2 ? Buffer.from(hex, 'hex') : null;
}

function openV2(stored: string, key: Buffer): string | null {
  const box = createTokenBox(key, 'token');
  const plain = box.open(stored);
  box.wipe();
  return plain;
}

function fault(reason: string): SourceToken {
  return { kind: 'fault', reason };
}
