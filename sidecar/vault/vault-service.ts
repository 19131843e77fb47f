/** Locks and unlocks the stored logins, and changes what unlocks them. Only the wrapping of the data key ever changes. */
import type { DatabaseStatus } from '../contract/vault';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { isProtectedKeyFile, readKeyFile, writeKeyFile } from './key-file';
import { checkKey, type LockableVault } from './vault';

/** Slows down guessing (`signin/lock-out.ts`). */
export interface AttemptLimit {
  attempt(client: string | null): void;
  succeeded(client: string | null): void;
  state(client: string | null): { readonly attemptsLeft: number; readonly retryAfterMs: number };
}

export interface VaultServiceParts {
  readonly vault: LockableVault;
  /** `TIGHTROPE_TOKEN_ENCRYPTION_KEY_FILE_PASSPHRASE`: whoever sets it changes the passphrase there. */
  readonly configuredPassphrase: string | null;
  readonly dbPath: string;
  readonly limit: AttemptLimit;
  /** Beginnings of the stored tokens: they say which key sealed them. */
  readonly sealedSample: () => Promise<readonly string[]>;
  /** Called with the vault closing (opens nothing, still seals), and again once it is locked or unlocked. */
  readonly onChange: (step: 'closing' | 'locked' | 'unlocked') => Promise<void>;
  readonly logger: Logger;
}

/** In characters; nothing is trimmed (spec/admin-api.md 5.3). */
const SHORTEST_PASSPHRASE = 8;

export class VaultService {
  readonly #parts: VaultServiceParts;
  /** Changes run one after the other. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(parts: VaultServiceParts) {
    this.#parts = parts;
  }

  isLocked(): boolean {
    return this.#parts.vault.isLocked();
  }

  async status(client: string | null): Promise<DatabaseStatus> {
    const { vault, dbPath, limit } = this.#parts;
    const isProtected = vault.keyFile !== null && (await isProtectedKeyFile(vault.keyFile));
    const locked = vault.isLocked();
    const { attemptsLeft, retryAfterMs } = limit.state(client);
    const mode = locked ? 'unlock' : vault.keyFile !== null && !isProtected ? 'setup' : null;
    return {
      state: isProtected || vault.keyFile === null ? 'encrypted' : 'plaintext',
      locked,
      mode,
      dbPath,
      attemptsRemaining: locked ? attemptsLeft : null,
      retryAfterMs: Math.ceil(retryAfterMs),
    };
  }

  /** @throws TightropeError `invalid_passphrase`, `passphrase_mismatch`, `database_already_encrypted`, `passphrase_not_supported` */
  setUp(passphrase: string, confirmation: string): Promise<void> {
    return this.#inTurn(async () => {
      const file = this.#keyFile();
      if (await isProtectedKeyFile(file)) throw new TightropeError('database_already_encrypted');
      if (isShort(passphrase)) throw new TightropeError('invalid_passphrase');
      if (passphrase !== confirmation) throw new TightropeError('passphrase_mismatch');
      await this.#parts.vault.lend((dataKey) => writeKeyFile(file, dataKey, passphrase));
      this.#parts.logger.info('vault_passphrase_set', {});
    });
  }

  /** @throws TightropeError `missing_passphrase`, `database_unlock_failed`, `database_not_initialized`, `too_many_attempts` */
  unlock(passphrase: string, client: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const file = await this.#protectedFile();
      if (passphrase === '') throw new TightropeError('missing_passphrase');
      const dataKey = await this.#prove(file, passphrase, client, 'database_unlock_failed');
      const { vault, sealedSample, onChange, logger } = this.#parts;
      if (!vault.isLocked()) {
        dataKey.fill(0);
        return;
      }
      checkKey(`The key file (${file})`, dataKey, await sealedSample());
      vault.hold(dataKey);
      await onChange('unlocked');
      logger.info('vault_unlocked', { keyId: vault.keyId });
    });
  }

  /** What is on its way is stored first. @throws TightropeError `database_not_initialized` */
  lock(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#protectedFile();
      const { vault, onChange, logger } = this.#parts;
      if (vault.isLocked()) return;
      vault.beginLock();
      await onChange('closing');
      vault.close();
      await onChange('locked');
      logger.info('vault_locked', {});
    });
  }

  /**
   * Wraps the same data key under another passphrase: one file is replaced whole, no token is touched, and a death at any
   * moment leaves a file that opens with the old passphrase or with the new one.
   * @throws TightropeError by the checks of spec/data-security.md 5.5, in their order
   */
  changePassphrase(current: string | undefined, next: string | undefined, client: string | null): Promise<void> {
    return this.#inTurn(async () => {
      if (current === undefined || next === undefined) throw new TightropeError('invalid_request');
      if (current === '') throw new TightropeError('missing_current_passphrase');
      if (isShort(next)) throw new TightropeError('invalid_next_passphrase');
      if (current === next) throw new TightropeError('passphrase_unchanged');
      const file = await this.#protectedFile();
      if (this.#parts.configuredPassphrase !== null) throw new TightropeError('passphrase_not_supported');
      const dataKey = await this.#prove(file, current, client, 'invalid_current_passphrase');
      try {
        await writeKeyFile(file, dataKey, next);
      } finally {
        dataKey.fill(0);
      }
      this.#parts.logger.info('vault_passphrase_changed', {});
    });
  }

  async #prove(
    file: string,
    passphrase: string,
    client: string | null,
    code: 'database_unlock_failed' | 'invalid_current_passphrase',
  ): Promise<Buffer> {
    const { limit } = this.#parts;
    limit.attempt(client);
    try {
      const found = await readKeyFile(file, passphrase);
      if (found === null) throw new TightropeError('database_not_initialized');
      limit.succeeded(client);
      return found.dataKey;
    } catch (error) {
      if (error instanceof TightropeError && error.code === 'vault_wrong_passphrase') throw new TightropeError(code);
      throw error;
    }
  }

  #keyFile(): string {
    const { keyFile } = this.#parts.vault;
    if (keyFile === null) throw new TightropeError('passphrase_not_supported');
    return keyFile;
  }

  async #protectedFile(): Promise<string> {
    const file = this.#keyFile();
    if (!(await isProtectedKeyFile(file))) throw new TightropeError('database_not_initialized');
    return file;
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return done;
  }
}

function isShort(passphrase: string): boolean {
  return [...passphrase].length < SHORTEST_PASSPHRASE;
}
