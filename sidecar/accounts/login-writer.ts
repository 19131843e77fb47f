/**
 * Puts rotated tokens into the database. The refresh token that was spent for them is worthless from then on, so a pair
 * that the database does not take is kept here and offered again until it does (spec/data-security.md 6.7).
 */
import type { Knex } from 'knex';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import type { Vault } from '../vault/vault';
import { isLoginDead, REVIVED } from './account-health';
import type { AccountPatch, AccountRow, AccountTokens } from './account-row';
import type { AccountsStore } from './accounts-store';
import { openTokens, sealTokens } from './token-sealing';

/** Runs a body in one write transaction. */
export type RunTransaction = <T>(body: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

/** New tokens of one account and what they replace. */
export interface RotatedLogin {
  readonly accountId: string;
  readonly spentRefreshToken: string;
  /** `token_generation` of the row that the new tokens replace. */
  readonly generation: number;
  /** `token_generation` that this process already counts the new tokens as. */
  readonly nextGeneration: number;
  readonly tokens: AccountTokens;
  /** Other columns that change with them. */
  readonly patch: AccountPatch;
}

/** `superseded` = someone else put a newer login there; `gone` = the account was removed. */
export type StoreOutcome =
  { readonly kind: 'stored'; readonly generation: number } | { readonly kind: 'superseded' | 'gone' };

interface LoginWriterOptions {
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly vault: Vault;
  readonly logger: Logger;
  /** First pause before an offer is repeated, ms; doubled up to a minute. @default 1000 */
  readonly retryMs?: number;
}

const RETRY_MS = 1_000;
const RETRY_MOST_MS = 60_000;

export class LoginWriter {
  readonly #options: LoginWriterOptions;
  readonly #unsaved = new Map<string, RotatedLogin>();
  #pauseMs: number;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(options: LoginWriterOptions) {
    this.#options = options;
    this.#pauseMs = options.retryMs ?? RETRY_MS;
  }

  /** Stores a rotated login durably. Rejects with the database's error; the caller then hands it to `keep`. */
  save(login: RotatedLogin): Promise<StoreOutcome> {
    return this.#store(login);
  }

  /** Keeps a login that could not be stored, and tries again until it is. */
  keep(login: RotatedLogin): void {
    this.#unsaved.set(login.accountId, login);
    this.#schedule();
  }

  /**
   * Stores what is kept of an account, if anything is. Rejects with the database's error: the account's next refresh token
   * must not be spent while even the last one is in memory only.
   */
  async saveKept(accountId: string): Promise<void> {
    const login = this.#unsaved.get(accountId);
    if (login !== undefined) await this.#offer(login);
  }

  /** Accounts whose newest tokens are in memory only. */
  unsavedCount(): number {
    return this.#unsaved.size;
  }

  /** Stops the timer and offers what is left one last time; what is lost then is logged as an error. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#offerAll();
    for (const accountId of this.#unsaved.keys()) this.#options.logger.error('rotated_login_lost', { accountId });
  }

  #schedule(): void {
    if (this.#closed || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#retry();
    }, this.#pauseMs);
    this.#timer.unref();
  }

  async #retry(): Promise<void> {
    await this.#offerAll();
    const { retryMs = RETRY_MS } = this.#options;
    this.#pauseMs = this.#unsaved.size === 0 ? retryMs : Math.min(this.#pauseMs * 2, RETRY_MOST_MS);
    if (this.#unsaved.size > 0) this.#schedule();
  }

  async #offerAll(): Promise<void> {
    const { logger } = this.#options;
    for (const [accountId, login] of [...this.#unsaved]) {
      try {
        await this.#offer(login);
      } catch (error) {
        logger.warn('rotated_login_not_saved', { accountId, reason: messageOf(error) });
      }
    }
  }

  async #offer(login: RotatedLogin): Promise<void> {
    const { accountId } = login;
    const outcome = await this.#store(login);
    // Only what was offered: a newer pair may have taken its place meanwhile.
    if (this.#unsaved.get(accountId) === login) this.#unsaved.delete(accountId);
    this.#options.logger.info('rotated_login_saved', { accountId, outcome: outcome.kind });
  }

  #store(login: RotatedLogin): Promise<StoreOutcome> {
    const { store, transaction, vault } = this.#options;
    return transaction(async (trx) => {
      const row = await store.byId(login.accountId, trx);
      if (row === undefined) return { kind: 'gone' };
      const ours = row.token_generation === login.generation || this.#holdsSpentToken(row, login);
      const generation = Math.max(row.token_generation + 1, login.nextGeneration);
      const patch = {
        ...login.patch,
        ...sealTokens(vault, login.tokens),
        token_generation: generation,
        // Another machine may have given the login up while its answer was on the way to this one.
        ...(isLoginDead(row.status) ? REVIVED : {}),
      };
      const swapped = ours && (await store.changeAt(trx, row.id, row.token_generation, patch));
      return swapped ? { kind: 'stored', generation } : { kind: 'superseded' };
    });
  }

  /** Whether the row still has the very token that was spent: then ours is the newer one whatever the generation says. */
  #holdsSpentToken(row: AccountRow, login: RotatedLogin): boolean {
    try {
      return openTokens(this.#options.vault, row).tokens?.refreshToken === login.spentRefreshToken;
    } catch (error) {
      const reason = messageOf(error);
      this.#options.logger.warn('stored_login_unreadable', { accountId: row.id, reason });
      return false;
    }
  }
}
