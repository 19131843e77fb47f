/**
 * The accounts: what the admin routes do with them, and the pool that the data plane draws from. Everything is answered
 * from the roster in memory; changes go through the store's transactions.
 */
import type { Account, AccountImportRequest, AccountImportResult, AccountPolicyChange } from '../contract/account';
import type { ShownQuota } from '../contract/quota';
import type { ExportedLogin } from '../contract/pool-export';
import type { Cluster } from '../cluster/cluster';
import type { TokenEndpoint } from '../oauth/token-endpoint';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import { exportedLogin } from './account-export';
import type { AccountVerdict } from './account-health';
import { AccountImport, type ForeseenImport, type OnDuplicate } from './account-import';
import { accountLabel } from './account-label';
import { NEUTRAL_POLICY, type AccountPolicy } from './account-policy';
import type { AccountTokens } from './account-row';
import { accountView } from './account-view';
import type { AccountsStore } from './accounts-store';
import type { Login } from './auth-json';
import { BackgroundWrites } from './background-writes';
import { DayUsage, NO_FIGURES, type AccountUsage, type UsageFigures } from './day-usage';
import { ImportRequests, type ImportedAccount } from './import-requests';
import type { RunTransaction } from './login-writer';
import { Logins } from './logins';
import { PolicyChanges } from './policy-changes';
import { PresentedTokens } from './presented-token';
import type { SweepReport } from './refresh-sweep';
import type { RefreshTimes, SweepKind } from './refresh-times';
import { Roster, type PoolAccount, type RosterEntry, type SidelinedAccount } from './roster';
import { loadEntry } from './roster-loading';
import { StatusChanges } from './status-changes';
import { TokenStorageMigration, type MigrationReport } from './token-storage-migration';
import { UpstreamNews } from './upstream-news';

export interface AccountsDependencies {
  readonly database: Pick<Database, 'write'>;
  readonly store: AccountsStore;
  readonly vault: Vault;
  readonly tokenEndpoint: TokenEndpoint;
  readonly cluster: Pick<Cluster, 'nodeId' | 'refreshPermit'>;
  readonly tokenRefresh: RefreshTimes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishEvent;
  /** Requests and cost of the last 24 h by account; accounts without any are absent. */
  readonly usage24h: () => Promise<ReadonlyMap<string, AccountUsage>>;
  /** What is known of an account's limits. */
  readonly quota: (accountId: string, nowMs: number) => ShownQuota;
  /** Turns in flight on an account, `null` = not known. */
  readonly inflight: (accountId: string) => number | null;
}

export class AccountsService {
  readonly #deps: AccountsDependencies;
  readonly #roster = new Roster();
  readonly #presented = new PresentedTokens();
  readonly #transaction: RunTransaction;
  readonly #background: BackgroundWrites;
  readonly #dayUsage: DayUsage;
  readonly #logins: Logins;
  readonly #status: StatusChanges;
  readonly #policy: PolicyChanges;
  readonly #news: UpstreamNews;
  readonly #import: ImportRequests;
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
    this.#dayUsage = new DayUsage(deps.usage24h, clock);
    const common = { roster, store, transaction, vault, clock, logger, publish, background };
    this.#logins = new Logins({ ...common, endpoint: deps.tokenEndpoint, cluster, times: deps.tokenRefresh });
    this.#status = new StatusChanges(common);
    this.#policy = new PolicyChanges(common);
    this.#news = new UpstreamNews(common);
    this.#import = new ImportRequests({
      accounts: new AccountImport({ ...common, nodeId: cluster.nodeId }),
      view: (entry) => this.#view(entry, NO_FIGURES),
      clock,
      logger,
    });
    this.#migration = new TokenStorageMigration(common);
  }

  /** All accounts by e-mail, those without one first, then by id (spec/admin-api.md 6.2). */
  async list(): Promise<Account[]> {
    const ledger = await this.#dayUsage.figures();
    return [...this.#roster.all()].sort(byEmail).map((entry) => this.#view(entry, ledger));
  }

  /** @throws TightropeError `account_not_found` */
  async get(accountId: string): Promise<Account> {
    const entry = this.#known(accountId);
    const ledger = await this.#dayUsage.figures();
    return this.#view(this.#roster.get(accountId) ?? entry, ledger);
  }

  /** One login or bare row; see `ImportRequests.one`. The account carries no figures of the ledger. */
  importOne(request: AccountImportRequest): Promise<ImportedAccount> {
    return this.#import.one(request);
  }

  /** Many logins; see `ImportRequests.many`. */
  importMany(logins: readonly unknown[], onDuplicate: OnDuplicate = 'update'): Promise<AccountImportResult[]> {
    return this.#import.many(logins, onDuplicate);
  }

  /** One login that was read already; see `AccountImport.take`. */
  importLogin(login: Login, onDuplicate: OnDuplicate): Promise<ImportedAccount> {
    return this.#import.read(login, onDuplicate);
  }

  /** What `importLogin` would do; see `AccountImport.foresee`. */
  foreseeLogin(login: Login, onDuplicate: OnDuplicate): Promise<ForeseenImport> {
    return this.#import.foresee(login, onDuplicate);
  }

  /** Every login in the clear, for sealing only; accounts without one are left out. */
  exportLogins(): ExportedLogin[] {
    return this.#roster
      .all()
      .map(exportedLogin)
      .filter((login) => login !== null);
  }

  /** A login fresh from the provider; see `ImportRequests.signedIn`. */
  signIn(tokens: AccountTokens & { readonly refreshToken: string }, only: string | null): Promise<ImportedAccount> {
    return this.#import.signedIn(tokens, only);
  }

  /** @throws TightropeError `account_not_found` */
  pause(accountId: string): Promise<void> {
    return this.#status.pause(accountId);
  }

  /** @throws TightropeError `account_not_found` */
  reactivate(accountId: string): Promise<void> {
    return this.#status.reactivate(accountId);
  }

  /** Alias, tags and routing policy; see `PolicyChanges.change`. @throws TightropeError `account_not_found` */
  async change(accountId: string, change: AccountPolicyChange): Promise<Account> {
    await this.#policy.change(accountId, change);
    return this.get(accountId);
  }

  /** @throws TightropeError `account_not_found`, `account_not_active` */
  pin(accountId: string): Promise<void> {
    return this.#policy.pin(accountId);
  }

  /** @throws TightropeError `account_not_found` */
  unpin(accountId: string): Promise<void> {
    return this.#policy.unpin(accountId);
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
    await this.#logins.refresh.refreshNow(accountId);
    return this.get(accountId);
  }

  /** Refreshes the logins that are due; see `RefreshSweep.run`. */
  sweepLogins(sweep: SweepKind, signal: AbortSignal): Promise<SweepReport> {
    return this.#logins.sweep.run(sweep, signal);
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

  sidelined(nowMs: number): readonly SidelinedAccount[] {
    return this.#roster.sidelined(nowMs);
  }

  size(): number {
    return this.#roster.size();
  }

  nearestReturnMs(nowMs: number): number | null {
    return this.#roster.nearestReturnMs(nowMs);
  }

  accessToken(accountId: string, signal: AbortSignal): Promise<string> {
    return this.#logins.refresh.accessToken(accountId, signal);
  }

  replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string> {
    return this.#logins.refresh.replaceToken(accountId, rejected, signal);
  }

  report(accountId: string, verdict: AccountVerdict): void {
    this.#status.report(accountId, verdict);
  }

  /** What people have set for an account, as routing asks for it; neutral for one that is not there. */
  policyOf(accountId: string): AccountPolicy {
    return this.#roster.get(accountId)?.policy ?? NEUTRAL_POLICY;
  }

  /** Another number after every change of any policy. */
  revision(): number {
    return this.#roster.policyRevision;
  }

  /** Whether this is the access token of an account of the pool. */
  holdsToken(presented: string): boolean {
    return this.#presented.isHeld(presented, this.#roster.all());
  }

  // What quota needs to know and to tell.

  /** Accounts with a living login that is not paused, limited ones included. */
  members(): readonly PoolAccount[] {
    return this.#roster.members();
  }

  /** `undefined` = there is no such account. */
  find(accountId: string): (PoolAccount & { readonly label: string; readonly hasLogin: boolean }) | undefined {
    const entry = this.#roster.get(accountId);
    if (entry === undefined) return undefined;
    return { ...entry.pool, label: accountLabel(entry.facts), hasLogin: entry.tokens !== null };
  }

  limitLifted(accountId: string): void {
    this.#news.limitLifted(accountId);
  }

  /** `untilMs` = the new end, UTC ms. */
  limitShortened(accountId: string, untilMs: number): void {
    this.#news.limitShortened(accountId, untilMs);
  }

  planChanged(accountId: string, planType: string): void {
    this.#news.planChanged(accountId, planType);
  }

  /** Lets running refreshes finish, at most `graceMs`, begins no other, and writes out what is left. */
  async close(graceMs: number): Promise<void> {
    await this.#logins.finish(graceMs);
    await this.#background.settled();
    await this.#logins.close();
  }

  /** No refresh of a login is under way any more; one that begins meanwhile is waited for as well. */
  refreshesSettled(): Promise<void> {
    return this.#logins.refresh.settled();
  }

  /** Reads every login again, after the vault was locked or unlocked. */
  async reload(): Promise<void> {
    for (const row of await this.#deps.store.all()) {
      this.#roster.put(loadEntry(this.#deps.vault, row, this.#roster.get(row.id)).entry);
    }
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
      this.#logins.examine(loaded.entry);
    }
    logger.info('accounts_loaded', { total: this.total(), unreadable });
    if (stale > 0) await this.#migration.sealStale();
  }

  #view(entry: RosterEntry, { usage, highestCostMicroUsd }: UsageFigures): Account {
    const { id } = entry.facts;
    const nowMs = this.#deps.clock.now();
    const quota = this.#deps.quota(id, nowMs);
    const live = { usage: usage.get(id), highestCostMicroUsd, quota, inflight: this.#deps.inflight(id) };
    return accountView(entry, live, nowMs);
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
