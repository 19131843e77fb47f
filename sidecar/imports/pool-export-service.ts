/** The whole pool as one sealed text, and back: how a pool moves between two Tightropes (spec/field.md "Bulk import"). */
import type { OnDuplicate } from '../accounts/account-import';
import type { AccountsService } from '../accounts/accounts-service';
import { PoolBundle, type PoolExport, type PoolImportResult, type PoolImportRow } from '../contract/pool-export';
import { compile } from '../contract/validate';
import type { Clock } from '../platform/clock';
import { TightropeError, toTightropeError } from '../platform/errors';
import type { SettingsService } from '../settings/settings-service';
import { openUnderPassphrase, sealUnderPassphrase } from '../vault/passphrase-box';

export interface PoolExportParts {
  readonly accounts: Pick<AccountsService, 'exportLogins' | 'foreseeLogin' | 'importLogin' | 'change' | 'pause'>;
  readonly settings: Pick<SettingsService, 'current' | 'change'>;
  readonly clock: Clock;
}

export interface PoolImportOptions {
  readonly sealed: string;
  readonly passphrase: string;
  readonly onDuplicate: OnDuplicate;
  /** Whether the settings are taken over too. */
  readonly withSettings: boolean;
  /** Only say what would be done. */
  readonly dryRun: boolean;
}

const VERSION = 1;

export class PoolExportService {
  readonly #parts: PoolExportParts;
  readonly #check = compile(PoolBundle, 'export', { code: 'pool_export_unreadable' });

  constructor(parts: PoolExportParts) {
    this.#parts = parts;
  }

  /** Every login with what people have set for it, and the settings. */
  async export(passphrase: string): Promise<PoolExport> {
    const { accounts, settings, clock } = this.#parts;
    const exportedAtMs = clock.now();
    const logins = accounts.exportLogins();
    const bundle: PoolBundle = {
      version: VERSION,
      exportedAtMs,
      accounts: [...logins],
      settings: { ...settings.current() },
    };
    const plain = Buffer.from(JSON.stringify(bundle));
    const sealed = await sealUnderPassphrase(plain, passphrase);
    plain.fill(0);
    return { sealed, exportedAtMs, accounts: logins.length };
  }

  /** A row that fails does not stop the rest. @throws TightropeError `pool_export_unreadable` */
  async import(options: PoolImportOptions): Promise<PoolImportResult> {
    const bundle = await this.#open(options.sealed, options.passphrase);
    const results: PoolImportRow[] = [];
    for (const account of bundle.accounts) results.push(await this.#one(account, options));
    const settings = options.withSettings && !options.dryRun;
    if (settings) await this.#parts.settings.change(bundle.settings, { by: 'import' });
    return { dryRun: options.dryRun, exportedAtMs: bundle.exportedAtMs, settingsTaken: settings, results };
  }

  async #open(sealed: string, passphrase: string): Promise<PoolBundle> {
    const plain = await openUnderPassphrase(sealed, passphrase);
    if (plain === null) throw new TightropeError('pool_export_unreadable');
    try {
      return this.#check(JSON.parse(plain.toString('utf8')));
    } finally {
      plain.fill(0);
    }
  }

  async #one(account: PoolBundle['accounts'][number], options: PoolImportOptions): Promise<PoolImportRow> {
    const { onDuplicate, dryRun } = options;
    const { alias, tags, mode, maxUsedPercent, maxConcurrent, paused, email, chatgptAccountId, planType } = account;
    const login = {
      accessToken: account.accessToken,
      refreshToken: account.refreshToken,
      idToken: account.idToken,
      accountIdHint: chatgptAccountId,
      lastRefreshAtMs: account.lastRefreshAtMs,
      fallback: { email, chatgptAccountId, planType },
    };
    try {
      if (dryRun) {
        const { action, accountId, reason } = await this.#parts.accounts.foreseeLogin(login, onDuplicate);
        return { email, action, accountId, error: reason ?? null };
      }
      const { action, account: taken, error } = await this.#parts.accounts.importLogin(login, onDuplicate);
      const { accountId } = taken;
      if (action === 'created') {
        await this.#parts.accounts.change(accountId, { alias, tags, mode, maxUsedPercent, maxConcurrent });
        if (paused) await this.#parts.accounts.pause(accountId);
      }
      return { email, action, accountId, error: error ?? null };
    } catch (error) {
      const { code, message } = toTightropeError(error);
      return { email, action: 'invalid', accountId: null, error: { code, message } };
    }
  }
}
