/**
 * Where the data key comes from and what it may do. Tokens are always sealed at rest (design §11 "Vault"): a key is
 * taken from the hex variable, else from the configured key file, else from the file `token-key` beside the database,
 * which the first start creates.
 */
import { join } from 'node:path';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { createKeyFile, isProtectedKeyFile, readKeyFile } from './key-file';
import {
  createTokenBox,
  DATA_KEY_BYTES,
  isSealed,
  isSealedV1,
  keyIdOf,
  openV1,
  sealedUnderKeyId,
  type SealPurpose,
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
  /** Names the data key without telling it; safe to log. @throws TightropeError `database_locked` */
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
  /** Whether the data key is away: sealing and opening answer `database_locked` then. */
  isLocked(): boolean;
  /** Seals and opens the secrets of another purpose; it follows the vault's lock. */
  secretBox(purpose: SealPurpose): SecretBox;
  /** Overwrites the key material with zeros; nothing seals or opens afterwards. */
  close(): void;
}

/** Secrets of one purpose. */
export interface SecretBox {
  /** @throws TightropeError `database_locked` */
  seal(plain: string): string;
  /** @throws TightropeError `database_locked`, `token_unreadable` */
  open(sealed: string): string;
}

/** Name of the automatic key file in the data directory. */
export const AUTOMATIC_KEY_FILE = 'token-key';

interface KeySource {
  /** For people: which setting or file gave the key. */
  readonly name: string;
  readonly dataKey: Buffer;
}

/**
 * Finds the key, checks that it is the one that sealed the stored tokens, and opens the vault. A key file whose passphrase is
 * not configured gives a locked one (`VaultService.unlock`).
 *
 * @throws TightropeError `vault_unusable` when a configured source is broken (it never falls through to another one);
 *   `vault_wrong_key` when the stored tokens were sealed by a different key. Nothing has been changed then.
 */
export async function openVault(options: VaultOptions): Promise<LockableVault> {
  const { config, dataDir, logger, sealedSample } = options;
  const file = config.keyHex === null ? (config.keyFile ?? join(dataDir, AUTOMATIC_KEY_FILE)) : null;
  const vault = new LockableVault(config, file);
  if (file !== null && config.keyFilePassphrase === null && (await isProtectedKeyFile(file))) {
    logger.warn('vault_locked', { keyFile: file });
    return vault;
  }
  const source = await findKey(options);
  checkKey(source.name, source.dataKey, sealedSample);
  vault.hold(source.dataKey);
  logger.info('vault_opened', { source: source.name, keyId: vault.keyId });
  return vault;
}

/** @throws TightropeError `vault_wrong_key`; the key is wiped then */
export function checkKey(source: string, dataKey: Buffer, sealedSample: readonly string[]): void {
  const keyId = keyIdOf(dataKey);
  const foreign = foreignKeyId(keyId, sealedSample);
  if (foreign === null) return;
  dataKey.fill(0);
  throw new TightropeError('vault_wrong_key', {
    message:
      `${source} gave key id ${keyId}, but the stored tokens are sealed under key id ${foreign}. ` +
      'Start with the key that sealed them. Nothing was changed.',
  });
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

/** The data key in memory, or not: a locked vault neither opens nor seals anything. */
export class LockableVault implements Vault {
  readonly strict: boolean;
  readonly migratesOnRead: boolean;
  /** File of the data key; `null` = the key is configured itself. */
  readonly keyFile: string | null;
  readonly #purposes = new Map<SealPurpose, TokenBox>();
  #key: { readonly dataKey: Buffer; readonly keyId: string } | null = null;
  #closing = false;

  constructor(config: VaultSettings, keyFile: string | null) {
    // A key is always there, so an unset variable means "required" (spec/data-security.md 5.6).
    this.strict = config.requireEncryptedAtRest ?? true;
    this.migratesOnRead = config.migratePlaintextOnRead;
    this.keyFile = keyFile;
  }

  get keyId(): string {
    return this.#held().keyId;
  }

  isLocked(): boolean {
    return this.#key === null || this.#closing;
  }

  seal(plain: string): string {
    return this.#box('token').seal(plain);
  }

  open(stored: string): { readonly plain: string; readonly migrated: boolean } {
    if (this.isLocked()) throw new TightropeError('database_locked');
    const { dataKey, keyId } = this.#held();
    if (isSealed(stored)) return openSealed(stored, this.#box('token'), dataKey, keyId, this.migratesOnRead);
    // The truth table of 5.6: conversion on read comes before refusal.
    if (!this.migratesOnRead && this.strict) {
      throw unreadable('it is stored as plaintext, which TIGHTROPE_TOKEN_ENCRYPTION_REQUIRE_ENCRYPTED_AT_REST refuses');
    }
    return { plain: stored, migrated: this.migratesOnRead };
  }

  secretBox(purpose: SealPurpose): SecretBox {
    return {
      seal: (plain) => this.#box(purpose).seal(plain),
      open: (sealed) => {
        const plain = this.#box(purpose).open(sealed);
        if (plain === null)
          throw new TightropeError('token_unreadable', { message: 'A stored secret cannot be read.' });
        return plain;
      },
    };
  }

  /** Opens the vault with a data key, which it owns from now on. */
  hold(dataKey: Buffer): void {
    this.close();
    this.#key = { dataKey, keyId: keyIdOf(dataKey) };
  }

  /** Lends the data key, to wrap it anew. @throws TightropeError `database_locked` */
  lend<T>(use: (dataKey: Uint8Array) => Promise<T>): Promise<T> {
    return use(this.#held().dataKey);
  }

  /** From now on nothing is opened; what is still on its way may be sealed until `close`. */
  beginLock(): void {
    this.#closing = true;
  }

  close(): void {
    for (const box of this.#purposes.values()) box.wipe();
    this.#purposes.clear();
    this.#key?.dataKey.fill(0);
    this.#key = null;
    this.#closing = false;
  }

  #held(): { readonly dataKey: Buffer; readonly keyId: string } {
    if (this.#key === null) throw new TightropeError('database_locked');
    return this.#key;
  }

  #box(purpose: SealPurpose): TokenBox {
    const { dataKey } = this.#held();
    const known = this.#purposes.get(purpose) ?? createTokenBox(dataKey, purpose);
    this.#purposes.set(purpose, known);
    return known;
  }
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
