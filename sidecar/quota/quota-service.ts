/**
 * Quota truth: what upstream says of every account's limits, wherever it says it, and what that means for routing, for
 * people, and for clients that ask for the pool's limits.
 */
import type { AccountQuota, PooledUsage, ShownQuota, UsageTrend } from '../contract/quota';
import type { Cluster } from '../cluster/cluster';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import type { Scheduler } from '../platform/scheduler';
import type { LimitError } from './limit-error';
import { usageOf } from './pooled-answers';
import { PooledView } from './pooled-view';
import type { AccountLimits } from './account-limits';
import { QuotaBook, type ErrorContext, type RefusedScope } from './quota-book';
import { lastPollOf, QuotaInquiry } from './quota-inquiry';
import { QuotaKeeper } from './quota-keeper';
import type { KnownQuotaAccount, QuotaAccount, QuotaAccounts, QuotaNews } from './quota-ports';
import { QuotaStore } from './quota-store';
import type { QuotaVerdict } from './quota-verdict';
import { figuresAt, verdictView } from './quota-view';
import type { FetchUsage } from './usage-client';
import { UsagePoller } from './usage-poller';
import { UsageRefresh, type UsageFailure, type UsageOutcome } from './usage-refresh';
import type { TrendStep } from './usage-trend';

export interface QuotaDependencies {
  readonly database: Pick<Database, 'read' | 'write'>;
  readonly accounts: QuotaAccounts;
  readonly cluster: Pick<Cluster, 'nodeId' | 'runIfLeader'>;
  readonly fetchUsage: FetchUsage;
  /** `config.usage`; an interval of 0 = nobody is asked unless a person asks. */
  readonly usage: { readonly timeoutMs: number; readonly pollIntervalMs: number };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly news: QuotaNews;
}

/** Two calls and the exchange of a token between them. */
const CALLS_PER_REFRESH = 3;
const STORE_INTERVAL_MS = 5000;
const DELETE_INTERVAL_MS = 3_600_000;
/** Twenty looks per interval find an account soon after it is due. */
const LOOKS_PER_INTERVAL = 20;
const SHORTEST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 1000;

export class QuotaService {
  readonly #deps: QuotaDependencies;
  readonly #book: QuotaBook;
  readonly #keeper: QuotaKeeper;
  readonly #inquiry: QuotaInquiry;
  readonly #refresh: UsageRefresh;
  readonly #poller: UsagePoller;
  readonly #pooled: PooledView;

  /** Loads what an earlier process knew. Rejects when the database cannot be read. */
  static async open(deps: QuotaDependencies): Promise<QuotaService> {
    const service = new QuotaService(deps);
    await service.#keeper.load();
    return service;
  }

  private constructor(deps: QuotaDependencies) {
    const { accounts, clock, logger, fetchUsage, usage, database, cluster } = deps;
    this.#deps = deps;
    const book = new QuotaBook({
      planSeen: (accountId, planType, previous) => this.#planSeen(accountId, planType, previous),
      limitLifted: (accountId) => deps.news.limitLifted(accountId),
      limitShortened: (accountId, untilMs) => deps.news.limitShortened(accountId, untilMs),
      refused: (accountId) => {
        this.#pooled.outdated();
        this.#poller.soon(accountId);
      },
    });
    this.#book = book;
    const store = new QuotaStore(database.read);
    this.#keeper = new QuotaKeeper({ database, store, book, nodeId: cluster.nodeId, clock, logger });
    this.#inquiry = new QuotaInquiry({ book, store, keeper: this.#keeper, clock });
    this.#refresh = new UsageRefresh({ accounts, fetchUsage, timeoutMs: usage.timeoutMs * CALLS_PER_REFRESH });
    this.#poller = new UsagePoller({
      accounts,
      refresh: (account) => this.#ask(account),
      returnAtMs: (accountId) => this.#returnAtMs(accountId),
      lastPollAtMs: (accountId) => lastPollOf(book.snapshot(accountId)),
      clock,
      logger,
      intervalMs: usage.pollIntervalMs,
    });
    this.#pooled = new PooledView(book, accounts);
  }

  // What the data plane tells. Nothing here waits or throws.

  /** Headers of an upstream answer or of a WebSocket's 101, flat `name, value, …`. */
  noteHeaders(accountId: string, rawHeaders: readonly string[]): void {
    this.#book.noteHeaders(accountId, rawHeaders, this.#deps.clock.now());
  }

  /** The data of a `codex.rate_limits` event. */
  noteEvent(accountId: string, data: string | Buffer): void {
    this.#book.noteEvent(accountId, data, this.#deps.clock.now());
  }

  /**
   * A failed turn: its error, the headers of its answer (or of its frame), and the model that was asked for.
   *
   * @returns what was refused for a limit: the account as a whole or only some models; `null` = no limit is to blame
   */
  noteError(accountId: string, error: LimitError, context: ErrorContext): RefusedScope | null {
    return this.#book.noteError(accountId, error, context, this.#deps.clock.now());
  }

  // What routing asks.

  /** Whether the account's limits let it serve a model at an instant. `null` = any model without a limit of its own. */
  verdict(accountId: string, model: string | null, nowMs: number): QuotaVerdict {
    return this.#book.verdict(accountId, model, nowMs);
  }

  /** The account's limits for selections: asked once per account, true from then on. */
  quotaOf(accountId: string): AccountLimits {
    return this.#book.limitsOf(accountId);
  }

  /** What the account's contract object shows of its limits. */
  shown(accountId: string, nowMs: number): ShownQuota {
    const verdict = verdictView(this.#book.verdict(accountId, null, nowMs));
    return { figures: figuresAt(this.#book.snapshot(accountId), nowMs), verdict };
  }

  // The pool as one account.

  /** Flat `name, value, …` list of the pool's limits; the same array for a second. Not to be changed. */
  pooledHeaders(nowMs: number): readonly string[] {
    return this.#pooled.headers(nowMs);
  }

  /** Body of `GET /api/codex/usage` and `/backend-api/wham/usage`. */
  pooledUsage(nowMs: number): PooledUsage {
    return usageOf(this.#pooled.quota(nowMs), nowMs);
  }

  // What people ask.

  /** @throws TightropeError `account_not_found` */
  quota(accountId: string): Promise<AccountQuota> {
    return this.#inquiry.quota(this.#known(accountId), this.#poller.state(accountId));
  }

  /**
   * Use of the account's own windows over the last 1 to 90 days, UTC.
   *
   * @throws TightropeError `account_not_found`, `invalid_query`
   */
  async usageTrend(accountId: string, days?: number, by?: TrendStep): Promise<UsageTrend> {
    return this.#inquiry.trend(this.#known(accountId).id, days, by);
  }

  /**
   * Asks upstream now, whatever the schedule says. Resolves when the account's figures are stored, or when upstream has
   * said that the account is deactivated.
   *
   * @throws TightropeError `account_not_found`, `account_usage_unavailable`, `usage_refresh_failed` (`details` has
   *   `upstreamStatus`, `upstreamCode`, `authRequired`), `usage_refresh_persist_failed`
   */
  async refreshUsage(accountId: string): Promise<void> {
    const account = this.#known(accountId);
    if (!account.hasLogin) throw new TightropeError('account_usage_unavailable');
    const outcome = await this.#ask(account);
    this.#poller.settle(accountId, outcome);
    if (outcome.kind === 'failed') throw refreshFailed(account.label, outcome);
    try {
      await this.#keeper.store();
    } catch (cause) {
      throw new TightropeError('usage_refresh_persist_failed', { cause });
    }
  }

  // Life of the service.

  /** Starts polling, storing and the deletion of old samples. */
  schedule(scheduler: Scheduler): void {
    const { cluster, usage } = this.#deps;
    const lookMs = Math.min(Math.max(usage.pollIntervalMs / LOOKS_PER_INTERVAL, SHORTEST_LOOK_MS), LONGEST_LOOK_MS);
    const poll = (signal: AbortSignal) => (leading: AbortSignal) =>
      this.#poller.runDue(AbortSignal.any([signal, leading]));
    if (usage.pollIntervalMs > 0) {
      scheduler.every('usage_poll', lookMs, async (signal) => {
        await cluster.runIfLeader('usage_poll', poll(signal));
      });
    }
    scheduler.every('quota_store', STORE_INTERVAL_MS, async () => {
      this.#dropGone();
      await this.#keeper.run();
    });
    scheduler.every('usage_history_retention', DELETE_INTERVAL_MS, (signal) => this.#keeper.deleteOld(signal), {
      runAtStart: true,
    });
  }

  /** Ends running calls and stores what is known. The scheduler has been stopped before. */
  async close(): Promise<void> {
    await this.#refresh.stop();
    await this.#keeper.run();
  }

  async #ask(account: QuotaAccount): Promise<UsageOutcome> {
    const outcome = await this.#refresh.run(account);
    if (outcome.kind === 'deactivated') this.#deps.news.deactivated(account.id, outcome.code, outcome.message);
    if (outcome.kind !== 'usage' || this.#book.noteUsage(account.id, outcome.text, this.#deps.clock.now())) {
      return outcome;
    }
    const message = 'The usage answer says nothing of limits.';
    return { kind: 'failed', status: 200, code: 'upstream_error', message, authRequired: false, retryAfterMs: null };
  }

  #planSeen(accountId: string, planType: string, previous: string | null): void {
    const { accounts, news } = this.#deps;
    const known = accounts.find(accountId)?.planType?.toLowerCase() ?? null;
    if (known !== planType) news.planChanged(accountId, planType, previous ?? known);
  }

  #returnAtMs(accountId: string): number | null {
    const verdict = this.#book.verdict(accountId, null, this.#deps.clock.now());
    return verdict.kind === 'limited' ? verdict.untilMs : null;
  }

  #known(accountId: string): KnownQuotaAccount {
    const account = this.#deps.accounts.find(accountId);
    if (account === undefined) throw new TightropeError('account_not_found');
    return account;
  }

  /** Their rows went with the accounts. */
  #dropGone(): void {
    for (const id of this.#book.accountIds()) {
      if (this.#deps.accounts.find(id) !== undefined) continue;
      this.#book.forget(id);
      this.#keeper.forget(id);
    }
  }
}

function refreshFailed(label: string, { status, code, message, authRequired }: UsageFailure): TightropeError {
  const http = status === null ? '' : ` HTTP ${String(status)}`;
  return new TightropeError('usage_refresh_failed', {
    message: `The usage of ${label} could not be refreshed:${http} code=${code} ${message}`,
    details: { upstreamStatus: status, upstreamCode: code, authRequired },
  });
}
