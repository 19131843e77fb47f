/** The bodies of `POST /api/accounts/import`: one login, many, or a bare row (spec/admin-api.md 6.3; design §10). */
import type { Account, AccountImportRequest, AccountImportResult } from '../contract/account';
import type { Clock } from '../platform/clock';
import { TightropeError, toTightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import { DEFAULT_PROVIDER } from './account-identity';
import type { AccountImport, ForeseenImport, ImportOutcome, OnDuplicate } from './account-import';
import type { Login } from './auth-json';
import type { AccountTokens } from './account-row';
import type { RosterEntry } from './roster';

/** One import of an array at most; more is a mistake or an attack. */
export const MAX_IMPORT_ENTRIES = 1000;

/** What was done with a login that was none of the invalid ones. */
export type ImportedAccount = AccountImportResult & { readonly account: Account };

interface ImportRequestsOptions {
  readonly accounts: Pick<AccountImport, 'login' | 'take' | 'foresee' | 'emailOnly'>;
  /** The account as the answer shows it. */
  readonly view: (entry: RosterEntry) => Account;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class ImportRequests {
  readonly #options: ImportRequestsOptions;

  constructor(options: ImportRequestsOptions) {
    this.#options = options;
  }

  /**
   * One login or bare row.
   *
   * @returns what was done, the account, and why it was skipped if it was.
   * @throws TightropeError `invalid_account_import`, `auth_json_api_key_only`, `auth_json_missing_tokens`.
   */
  async one({ authJson, onDuplicate = 'update', ...row }: AccountImportRequest): Promise<ImportedAccount> {
    const { accounts } = this.#options;
    if (authJson !== undefined) return this.#told(0, await accounts.login(authJson, onDuplicate));
    const email = row.email?.trim() ?? '';
    if (email === '') {
      const message = 'The body needs authJson or a non-empty email.';
      throw new TightropeError('invalid_account_import', { message, param: 'email' });
    }
    const provider = row.provider?.trim().toLowerCase() || DEFAULT_PROVIDER;
    return this.#told(0, await accounts.emailOnly(email, provider, onDuplicate));
  }

  /**
   * A login that the provider has just issued.
   *
   * @param only the account it was asked for; `null` = whose it is.
   * @throws TightropeError `account_mismatch`, `account_not_found`
   */
  async signedIn(
    tokens: AccountTokens & { readonly refreshToken: string },
    only: string | null,
  ): Promise<ImportedAccount> {
    const login = { ...tokens, accountIdHint: null, lastRefreshAtMs: this.#options.clock.now() };
    return this.#told(0, await this.#options.accounts.take(login, { onDuplicate: 'update', fresh: true, only }));
  }

  /** One login that was read already. */
  async read(login: Login, onDuplicate: OnDuplicate): Promise<ImportedAccount> {
    return this.#told(0, await this.#options.accounts.take(login, { onDuplicate }));
  }

  /** What would be done with a login. */
  foresee(login: Login, onDuplicate: OnDuplicate): Promise<ForeseenImport> {
    return this.#options.accounts.foresee(login, onDuplicate);
  }

  /** Many logins, one after the other; one that fails does not stop the rest. */
  async many(logins: readonly unknown[], onDuplicate: OnDuplicate): Promise<AccountImportResult[]> {
    if (logins.length > MAX_IMPORT_ENTRIES) {
      const message = `authJson may hold at most ${MAX_IMPORT_ENTRIES} entries; it has ${logins.length}.`;
      throw new TightropeError('invalid_account_import', { message, param: 'authJson' });
    }
    const results: AccountImportResult[] = [];
    for (const [index, login] of logins.entries()) {
      try {
        results.push(this.#told(index, await this.#options.accounts.login(login, onDuplicate)));
      } catch (error) {
        const { code, message, cause } = toTightropeError(error);
        if (cause !== undefined) {
          this.#options.logger.error('account_import_failed', { index, reason: messageOf(cause) });
        }
        results.push({ index, action: 'invalid', error: { code, message } });
      }
    }
    return results;
  }

  #told(index: number, { action, entry, reason }: ImportOutcome): ImportedAccount {
    const account = this.#options.view(entry);
    return { index, action, account, ...(reason === undefined ? {} : { error: reason }) };
  }
}
