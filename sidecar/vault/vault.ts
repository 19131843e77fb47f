/**
 * Where the data key comes from and what it may do. Tokens are always sealed at rest (design §11 "Vault"): a key is
 * taken from the hex variable, else from the configured key file, else from the file `token-key` beside the database,
 * which the first start creates.
 */
import { join } from 'node:path';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { createKeyFile, readKeyFile } from './key-file';
import {
  createTokenBox,
  DATA_KEY_BYTES,
  isSealed,
  isSealedV1,
  keyIdOf,
  openV1,
  sealedUnderKeyId,
  type TokenBox,
} from './token-box';

/** The five `TIGHTROPE_TOKEN_ENCRYPTION_*` variables (spec/data-security.md 1.4.6); `null` = not set. */
export interface VaultSettings {
  readonly keyHex: string | null;
  readonly keyFile: string | null;
  readonly keyFilePassphrase: string | null;
  readonly requireEncryptedAtRest: boolean | null;
  readonly migratePlaintextOnRead: boolean;
}

export interface VaultOptions {
  readonly config: VaultSettings;
  /** Folder of the automatic key file. */
  readonly dataDir: string;
  /** Stored token values, or at least their first 28 characters: they say which key sealed them. */
  readonly sealedSample: readonly string[];
  readonly logger: Logger;
}

/** Seals and opens stored tokens. */
export interface Vault {
  /** Names the data key without telling it; safe to log. */
  readonly keyId: string;
  /** Whether plaintext counts as a fault at rest (spec/data-security.md 5.4 `strictModeEnabled`). */
  readonly strict: boolean;
  readonly migratesOnRead: boolean;
  seal(plain: string): string;
  /**
   * The token behind a stored value. `migrated` = the value should be stored anew, sealed in today's form.
   *
   * @throws TightropeError `token_unreadable` saying why: another key, damage, or plaintext that the policy refuses.
   */
  open(stored: string): { readonly plain: string; readonly migrated: boolean };
  /** Overwrites the key material with zeros; nothing seals or opens afterwards. */
  close(): void;
}

/** Name of the automatic key file in the data directory. */
export const AUTOMATIC_KEY_FILE = 'token-key';

interface KeySource {
  /** For people: which setting or file gave the key. */
  readonly name: string;
  readonly dataKey: Buffer;
}

/**
 * Finds the key, checks that it is the one that sealed the stored tokens, and opens the vault.
 *
 * @throws TightropeError `vault_unusable` when a configured source is broken (it never falls through to another one);
 *   `vault_wrong_key` when the stored tokens were sealed by a different key. Nothing has been changed then.
 */
export async function openVault({ config, dataDir, sealedSample, logger }: VaultOptions): Promise<Vault> {
  const source = await findKey({ config, dataDir, sealedSample, logger });
  const keyId = keyIdOf(source.dataKey);
  const foreign = foreignKeyId(keyId, sealedSample);
  if (foreign !== null) {
    source.dataKey.fill(0);
    throw new TightropeError('vault_wrong_key', {
      message:
        `${source.name} gave key id ${keyId}, but the stored tokens are sealed under key id ${foreign}. ` +
        'Start with the key that sealed them. Nothing was changed.',
    });
  }
  logger.info('vault_opened', { source: source.name, keyId });
  return createVault(source.dataKey, keyId, config);
}

/** The key id of the stored tokens when not one of them is sealed under ours. */
function foreignKeyId(keyId: string, sealedSample: readonly string[]): string | null {
  const ids = new Set(sealedSample.map(sealedUnderKeyId).filter((id) => id !== null));
  if (ids.has(keyId)) return null;
  return ids.size === 0 ? null : [...ids].sort().join(', ');
}

async function findKey(options: VaultOptions): Promise<KeySource> {
  const { keyHex, keyFile } = options.config;
  if (keyHex !== null) return keyFromHex(keyHex);
  return keyFromFile(keyFile ?? join(options.dataDir, AUTOMATIC_KEY_FILE), keyFile !== null, options);
}

function keyFromHex(hex: string): KeySource {
  const name = 'TIGHTROPE_TOKEN_ENCRYPTION_KEY_HEX';
  if (!/^[0-9a-fA-F]+$/.test(hex) || hex.length !== DATA_KEY_BYTES * 2) {
    throw new TightropeError('vault_unusable', {
      message: `${name} must be exactly ${DATA_KEY_BYTES * 2} hex digits; it has ${hex.length} characters.`,
    });
  }
  return { name, dataKey: Buffer.from(hex, 'hex') };
}

async function keyFromFile(path: string, configured: boolean, options: VaultOptions): Promise<KeySource> {
  const { config, sealedSample, logger } = options;
  const name = `${configured ? 'TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE' : 'The automatic key file'} (${path})`;
  const found = await readKeyFile(path, config.keyFilePassphrase);
  if (found !== null) {
    if (found.exposed) logger.warn('vault_key_file_exposed', { path, advice: 'chmod 600' });
    if (!found.protected && config.keyFilePassphrase !== null) logger.warn('vault_key_file_unprotected', { path });
    return { name, dataKey: found.dataKey };
  }
  const sealed = sealedSample.find(isSealed);
  if (sealed !== undefined) {
    const keyId = sealedUnderKeyId(sealed) ?? 'unknown';
    throw missing(
      name,
      `and the stored tokens are sealed under key id ${keyId}; put the key back. Nothing was changed`,
    );
  }
  if (configured && config.keyFilePassphrase === null) {
    throw missing(name, 'and a new one is created only when TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE_PASSPHRASE is set');
  }
  const dataKey = await createKeyFile(path, config.keyFilePassphrase);
  logger.info('vault_key_file_created', { path });
  return { name, dataKey };
}

function missing(name: string, rest: string): TightropeError {
  return new TightropeError('vault_unusable', { message: `${name} does not exist, ${rest}.` });
}

function createVault(dataKey: Buffer, keyId: string, config: VaultSettings): Vault {
  const box = createTokenBox(dataKey, 'token');
  // A key is always there, so an unset variable means "required" (spec/data-security.md 5.6).
  const strict = config.requireEncryptedAtRest ?? true;
  const migratesOnRead = config.migratePlaintextOnRead;
  return {
    keyId,
    strict,
    migratesOnRead,
    seal: (plain) => box.seal(plain),
    open(stored) {
      if (isSealed(stored)) return openSealed(stored, box, dataKey, keyId, migratesOnRead);
      // The truth table of 5.6: conversion on read comes before refusal.
      if (!migratesOnRead && strict) {
        throw unreadable(
          'it is stored as plaintext, which TIGHTROPE_TOKEN_ENCRYPTION_REQUIRE_ENCRYPTED_AT_REST refuses',
        );
      }
      return { plain: stored, migrated: migratesOnRead };
    },
    close() {
      box.wipe();
      dataKey.fill(0);
    },
  };
}

function openSealed(
  stored: string,
  box: TokenBox,
  dataKey: Buffer,
  keyId: string,
  migratesOnRead: boolean,
): { plain: string; migrated: boolean } {
  const old = isSealedV1(stored);
  const plain = old ? openV1(stored, dataKey) : box.open(stored);
  if (plain !== null) return { plain, migrated: old && migratesOnRead };
  const sealedUnder = sealedUnderKeyId(stored);
  if (sealedUnder !== null && sealedUnder !== keyId) {
    throw unreadable(`it is sealed under key id ${sealedUnder}, and the vault holds key id ${keyId}`);
  }
  throw unreadable('it is damaged');
}

function unreadable(why: string): TightropeError {
  return new TightropeError('token_unreadable', { message: `A stored token cannot be read: ${why}.` });
}
