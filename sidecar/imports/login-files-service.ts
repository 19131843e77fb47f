/** Imports logins from files that a person gives: looks first, or takes them (spec/ui.md 11.1 "D"; spec/data-security.md 4.4). */
import { readFile } from 'node:fs/promises';
import type { OnDuplicate } from '../accounts/account-import';
import type { AccountsService } from '../accounts/accounts-service';
import { parseAuthJson, type Login } from '../accounts/auth-json';
import type { LoginFilesResult, LoginFileRow } from '../contract/imports';
import type { Clock } from '../platform/clock';
import { TightropeError, toTightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { codeOf, messageOf } from '../platform/thrown';
import { findLogins, foreignKind, type FoundLogin } from './login-files';

export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface LoginFilesRequest {
  readonly files: readonly GivenFile[];
  readonly onDuplicate: OnDuplicate;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

export interface LoginFilesParts {
  readonly accounts: Pick<AccountsService, 'foreseeLogin' | 'importLogin'>;
  /** `auth.json` of the Codex CLI on this machine, absolute. */
  readonly codexLoginFile: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One import at most; more is a mistake or an attack. */
const MOST_LOGINS = 1000;
const MAX_CLI_FILE_BYTES = 1_048_576;
const SHARED =
  'The Codex CLI on this machine uses the same login: whichever refreshes it first logs the other one out. Sign in here anew, or stop using it there.';

export class LoginFilesService {
  readonly #parts: LoginFilesParts;

  constructor(parts: LoginFilesParts) {
    this.#parts = parts;
  }

  /** A file or login that cannot be used is told and does not stop the rest. @throws TightropeError `payload_too_large` */
  async run({ files, onDuplicate, dryRun }: LoginFilesRequest): Promise<LoginFilesResult> {
    const found = files.map(({ name, bytes }) => findLogins(name, bytes));
    const logins = found.flatMap((one) => one.logins);
    if (logins.length > MOST_LOGINS) {
      const message = `At most ${MOST_LOGINS} logins are imported at once; the files hold ${logins.length}.`;
      throw new TightropeError('payload_too_large', { message });
    }
    const live = await this.#liveRefreshToken();
    const results: LoginFileRow[] = [];
    for (const login of logins) results.push(await this.#one(login, onDuplicate, dryRun, live));
    for (const { file, reason } of found.flatMap((one) => one.unreadable)) {
      results.push(invalid(file, 0, { code: 'invalid_account_import', message: reason }));
    }
    return { dryRun, results };
  }

  async #one(found: FoundLogin, onDuplicate: OnDuplicate, dryRun: boolean, live: string | null): Promise<LoginFileRow> {
    const { file, index } = found;
    const foreign = foreignKind(found.authJson);
    if (foreign !== null) return invalid(file, index, { code: 'invalid_account_import', message: foreign });
    try {
      const login = parseAuthJson(found.authJson);
      const foreseen = await this.#parts.accounts.foreseeLogin(login, onDuplicate);
      const { email, chatgptAccountId, planType } = foreseen.identity;
      const facts = {
        file,
        index,
        email,
        chatgptAccountId,
        planType,
        expiresAtMs: foreseen.expiresAtMs,
        expired: foreseen.expiresAtMs !== null && foreseen.expiresAtMs <= this.#parts.clock.now(),
        warning: live !== null && login.refreshToken === live ? SHARED : null,
      };
      if (dryRun) {
        return { ...facts, action: foreseen.action, accountId: foreseen.accountId, error: foreseen.reason ?? null };
      }
      return { ...facts, ...(await this.#take(login, onDuplicate)) };
    } catch (error) {
      const { code, message, cause } = toTightropeError(error);
      if (cause !== undefined)
        this.#parts.logger.error('login_file_import_failed', { index, reason: messageOf(cause) });
      return invalid(file, index, { code, message });
    }
  }

  async #take(login: Login, onDuplicate: OnDuplicate): Promise<Pick<LoginFileRow, 'action' | 'accountId' | 'error'>> {
    const { action, account, error } = await this.#parts.accounts.importLogin(login, onDuplicate);
    return { action, accountId: account.accountId, error: error ?? null };
  }

  /** The refresh token that the Codex CLI holds, `null` when there is none to be read. */
  async #liveRefreshToken(): Promise<string | null> {
    const { codexLoginFile, logger } = this.#parts;
    try {
      const text = await readFile(codexLoginFile, 'utf8');
      return text.length > MAX_CLI_FILE_BYTES ? null : parseAuthJson(text).refreshToken;
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') logger.info('codex_login_unreadable', { reason: messageOf(error) });
      return null;
    }
  }
}

function invalid(
  file: string,
  index: number,
  error: { readonly code: string; readonly message: string },
): LoginFileRow {
  const nothing = { email: null, chatgptAccountId: null, planType: null, expiresAtMs: null, accountId: null };
  return { file, index, action: 'invalid', ...nothing, expired: false, warning: null, error: { ...error } };
}
