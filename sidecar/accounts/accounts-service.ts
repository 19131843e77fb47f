/**
 * The accounts: what the admin routes do with them, and the pool that the data plane draws from. Everything is answered
 * from the roster in memory; changes go through the store's transactions.
 */
import type { Account, AccountImportRequest, AccountImportResult } from '../contract/account';
import type { Cluster } from '../cluster/cluster';
import type { TokenEndpoint } from '../oauth/token-endpoint';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError, toTightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import type { AccountVerdict } from './account-health';
import { DEFAULT_PROVIDER } from './account-identity';
import { AccountImport, type ImportOutcome } from './account-import';
import { accountLabel, accountView, type AccountUsage } from './account-view';
import type { AccountsStore } from './accounts-store';
import { BackgroundWrites } from './background-writes';
import { LoginWriter, type RunTransaction } from './login-writer';
import { Roster, type PoolAccount, type RosterEntry } from './roster';
import { loadEntry } from './roster-loading';
import { StatusChanges } from './status-changes';
import { TokenExchange, type RefreshSchedule } from './token-exchange';
import { TokenRefresh } from './token-refresh';
import { TokenStorageMigration, type MigrationReport } from './token-storage-migration';

export interface AccountsDependencies {
  readonly database: Pick<Database, 'write'>;
  readonly store: AccountsStore;
  readonly vault: Vault;
  readonly tokenEndpoint: TokenEndpoint;
  readonly cluster: Pick<Cluster, 'nodeId' | 'refreshPermit'>;
  readonly tokenRefresh: RefreshSchedule;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishEvent;
  /** Requests and cost of the last 24 h by account; accounts without any are absent. */
  readonly usage24h: () => Promise<ReadonlyMap<string, AccountUsage>>;
  /** Turns in flight on an account, `null` = not known. */
  readonly inflight: (accountId: string) => number | null;
}

/** One import of an array at most; more is a mistake or an attack. */
export const MAX_IMPORT_ENTRIES = 1000;

interface LedgerFigures {
  readonly usage: ReadonlyMap<string, AccountUsage>;
  readonly highestCostMicroUsd: number;
}

/** The answer of an import carries none (spec/admin-api.md 6.1). */
const NO_FIGURES: LedgerFigures = { usage: new Map(), highestCostMicroUsd: 0 };

export class AccountsService {
  readonly #deps: AccountsDependencies;
  readonly #roster = new Roster();
  readonly #transaction: RunTransaction;
  readonly #background: BackgroundWrites;
  readonly #writer: LoginWriter;
  readonly #exchange: TokenExchange;
  readonly #refresh: TokenRefresh;
  readonly #status: StatusChanges;
  readonly #import: AccountImport;
  readonly #migration: TokenStorageMigration;

  /** Loads every account; plaintext tokens are sealed on the way where the policy says so. */
  static async open(deps: AccountsDependencies): Promise<AccountsService> {
    const service = new AccountsService(deps);
    await service.#load();
    return service;
  }

  private constructor(deps: AccountsDependencies) {
    const { store, vault, clock, logger, publish, cluster } = deps;
    const roster = this.#roster;
    this.#deps = deps;
    const transaction: RunTransaction = (body) => deps.database.write.transaction(body);
    this.#transaction = transaction;
    const background = new BackgroundWrites(logger);
    this.#background = background;
    const writer = new LoginWriter({ store, transaction, vault, logger });
    this.#writer = writer;
    const common = { roster, store, transaction, vault, clock, logger, publish, background };
    const { tokenEndpoint: endpoint, tokenRefresh: schedule } = deps;
    this.#exchange = new TokenExchange({ ...common, writer, endpoint, cluster, schedule });
    this.#refresh = new TokenRefresh({ roster, exchange: this.#exchange, clock });
    this.#status = new StatusChanges(common);
    this.#import = new AccountImport({ ...common, nodeId: cluster.nodeId });
    this.#migration = new TokenStorageMigration(common);
  }

  /** All accounts by e-mail, those without one first, then by id (spec/admin-api.md 6.2). */
  async list(): Promise<Account[]> {
    const ledger = ledgerFigures(await this.#deps.usage24h());
    return [...this.#roster.all()].sort(byEmail).map((entry) => this.#view(entry, ledger));
  }

  /** @throws TightropeError `account_not_found` */
  async get(accountId: string): Promise<Account> {
    const entry = this.#known(accountId);
    const ledger = ledgerFigures(await this.#deps.usage24h());
    return this.#view(this.#roster.get(accountId) ?? entry, ledger);
  }

  /**
   * One login or bare row.
   *
   * @returns what was done, the account (without figures of the ledger), and why it was skipped if it was.
   * @throws TightropeError `invalid_account_import`, `auth_json_api_key_only`, `auth_json_missing_tokens`.
   */
  async importOne(request: AccountImportRequest): Promise<AccountImportResult & { readonly account: Account }> {
    const onDuplicate = request.onDuplicate ?? 'update';
    if (request.authJson !== undefined)
      return this.#imported(0, await this.#import.login(request.authJson, onDuplicate));
    const email = request.email?.trim() ?? '';
    if (email === '') {
      const message = 'The body needs authJson or a non-empty email.';
      throw new TightropeError('invalid_account_import', { message, param: 'email' });
    }
    const provider = request.provider?.trim().toLowerCase() || DEFAULT_PROVIDER;
    return this.#imported(0, await this.#import.emailOnly(email, provider, onDuplicate));
  }

  /** Many logins, one after the other; one that fails does not stop the rest. */
  async importMany(
    logins: readonly unknown[],
    onDuplicate: AccountImportRequest['onDuplicate'] = 'update',
  ): Promise<AccountImportResult[]> {
    if (logins.length > MAX_IMPORT_ENTRIES) {
      const message = `authJson may hold at most ${MAX_IMPORT_ENTRIES} entries; it has ${logins.length}.`;
      throw new TightropeError('invalid_account_import', { message, param: 'authJson' });
    }
    const results: AccountImportResult[] = [];
    for (const [index, login] of logins.entries()) {
      try {
        results.push(this.#imported(index, await this.#import.login(login, onDuplicate)));
      } catch (error) {
        const { code, message, cause } = toTightropeError(error);
        if (cause !== undefined) this.#deps.logger.error('account_import_failed', { index, reason: messageOf(cause) });
        results.push({ index, action: 'invalid', error: { code, message } });
      }
    }
    return results;
  }

  /** @throws TightropeError `account_not_found` */
  pause(accountId: string): Promise<void> {
    return this.#status.pause(accountId);
  }

  /** @throws TightropeError `account_not_found` */
  reactivate(accountId: string): Promise<void> {
    return this.#status.reactivate(accountId);
  }

  /** Forgets an account and its tokens. @throws TightropeError `account_not_found` */
  async remove(accountId: string): Promise<void> {
    const { facts } = this.#known(accountId);
    const removed = await this.#transaction((trx) => this.#deps.store.remove(trx, accountId));
    this.#roster.remove(accountId);
    if (!removed) throw new TightropeError('account_not_found');
    const message = `${accountLabel(facts)} was removed.`;
    this.#deps.publish({ type: 'account_removed', level: 'info', accountId, message });
  }

  /** Refreshes a login on a person's request. @throws TightropeError see `TokenRefresh.refreshNow` */
  async refreshToken(accountId: string): Promise<Account> {
    await this.#refresh.refreshNow(accountId);
    return this.get(accountId);
  }

  /** Seals tokens that are stored as plaintext, or only counts them (spec/data-security.md 5.4). */
  migrateTokenStorage(dryRun: boolean): Promise<MigrationReport> {
    return this.#migration.run(dryRun);
  }

  /** Every account there is, for the health answer. */
  total(): number {
    return this.#roster.all().length;
  }

  // The pool, as the gateway's ports describe it.

  usable(nowMs: number): readonly PoolAccount[] {
    return this.#roster.usable(nowMs);
  }

  size(): number {
    return this.#roster.size();
  }

  nearestReturnMs(nowMs: number): number | null {
    return this.#roster.nearestReturnMs(nowMs);
  }

  accessToken(accountId: string, signal: AbortSignal): Promise<string> {
    return this.#refresh.accessToken(accountId, signal);
  }

  replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string> {
    return this.#refresh.replaceToken(accountId, rejected, signal);
  }

  report(accountId: string, verdict: AccountVerdict): void {
    this.#status.report(accountId, verdict);
  }

  /**
   * Lets running refreshes finish, for what they have spent cannot be spent again, and writes out what is left. Refreshes
   * that take longer than `graceMs` are cut off.
   */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#exchange.cutOff(), graceMs);
    await this.#refresh.settled();
    clearTimeout(timer);
    await this.#background.settled();
    await this.#writer.close();
  }

  async #load(): Promise<void> {
    const { store, vault, logger } = this.#deps;
    let stale = 0;
    let unreadable = 0;
    for (const row of await store.all()) {
      const loaded = loadEntry(vault, row);
      stale += loaded.stale;
      if (loaded.entry.tokens === null && row.access_token_encrypted !== null) {
        unreadable += 1;
        logger.warn('account_tokens_unreadable', { accountId: row.id, reason: loaded.entry.facts.status_reason });
      }
      this.#roster.put(loaded.entry);
    }
    logger.info('accounts_loaded', { total: this.total(), unreadable });
    if (stale > 0) await this.#migration.sealStale();
  }

  #imported(index: number, { action, entry, reason }: ImportOutcome): AccountImportResult & { account: Account } {
    const account = this.#view(entry, NO_FIGURES);
    return { index, action, account, ...(reason === undefined ? {} : { error: reason }) };
  }

  #view(entry: RosterEntry, { usage, highestCostMicroUsd }: LedgerFigures): Account {
    const { id } = entry.facts;
    const live = { usage: usage.get(id), highestCostMicroUsd, inflight: this.#deps.inflight(id) };
    return accountView(entry, live, this.#deps.clock.now());
  }

  #known(accountId: string): RosterEntry {
    const entry = this.#roster.get(accountId);
    if (entry === undefined) throw new TightropeError('account_not_found');
    return entry;
  }
}

function byEmail(a: RosterEntry, b: RosterEntry): number {
  const left = a.facts.email ?? '';
  const right = b.facts.email ?? '';
  if (left !== right) return left < right ? -1 : 1;
  return a.facts.id < b.facts.id ? -1 : 1;
}

function ledgerFigures(usage: ReadonlyMap<string, AccountUsage>): LedgerFigures {
  let highestCostMicroUsd = 0;
  for (const { costMicroUsd } of usage.values()) highestCostMicroUsd = Math.max(highestCostMicroUsd, costMicroUsd ?? 0);
  return { usage, highestCostMicroUsd };
}
