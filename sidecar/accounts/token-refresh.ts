/**
 * Keeps logins fresh: ahead of expiry, after a 401, and on request. Refresh tokens are single-use (codex-wire 2.10), so
 * there is one exchange per account at a time however many ask, and its outcome is durable before anybody uses it.
 */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import { isLoginDead } from './account-health';
import { accountLabel } from './account-label';
import type { AccountTokens } from './account-row';
import { RefreshBackoff } from './refresh-backoff';
import { isPermanent, refreshError, refreshFailure, type RefreshFailure } from './refresh-failure';
import { isInDoubt } from './refresh-intent';
import { REFRESH_AHEAD_MS } from './refresh-times';
import type { Roster, RosterEntry } from './roster';
import { STILL_GOOD_MS, type ServingTokens } from './serving-tokens';
import { SingleFlight, untilAborted } from './single-flight';
import { ACCOUNT_GONE, type ExchangeResult, type TokenExchange } from './token-exchange';

const AHEAD_WAIT_MS = 5_000;

interface TokenRefreshOptions {
  readonly roster: Roster;
  readonly exchange: Pick<TokenExchange, 'run' | 'hurry'>;
  readonly serving: ServingTokens;
  readonly clock: Clock;
  /** How long a request whose token is still good waits for its refresh, ms. @default 5000 */
  readonly aheadWaitMs?: number;
}

/** An entry that has a login. */
type WithLogin = RosterEntry & { readonly tokens: AccountTokens };

export class TokenRefresh {
  readonly #roster: Roster;
  readonly #exchange: Pick<TokenExchange, 'run' | 'hurry'>;
  readonly #serving: ServingTokens;
  readonly #flights = new SingleFlight<ExchangeResult>();
  readonly #backoff: RefreshBackoff;
  readonly #aheadWaitMs: number;

  constructor({ roster, exchange, serving, clock, aheadWaitMs = AHEAD_WAIT_MS }: TokenRefreshOptions) {
    this.#roster = roster;
    this.#exchange = exchange;
    this.#serving = serving;
    this.#aheadWaitMs = aheadWaitMs;
    this.#backoff = new RefreshBackoff(clock);
  }

  /**
   * An access token that is not known to be expired.
   *
   * @throws TightropeError `account_not_found`, or `token_refresh_failed` when the login is dead or expired and cannot be
   *   refreshed now; the signal's reason when the asker leaves. The refresh itself goes on then.
   */
  async accessToken(accountId: string, signal: AbortSignal): Promise<string> {
    const entry = this.#living(accountId);
    // Sending a refused token again would only cost the turn another 401; when the pause ends it may try.
    const held = this.#serving.isRefused(entry) ? this.#backoff.heldBack(entry) : null;
    if (held !== null) throw held;
    const leftMs = this.#serving.leftMs(entry);
    if (leftMs > REFRESH_AHEAD_MS) return entry.tokens.accessToken;
    if (leftMs <= STILL_GOOD_MS) return (await this.#refreshed(entry, signal)).tokens.accessToken;
    if (entry.tokens.refreshToken === null || isInDoubt(entry)) return entry.tokens.accessToken;
    return this.#refreshedAhead(entry, signal);
  }

  /**
   * A token other than `rejected`, which upstream has answered with 401.
   *
   * @throws TightropeError as `accessToken`.
   */
  async replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string> {
    const entry = this.#living(accountId);
    if (entry.tokens.accessToken !== rejected) return this.accessToken(accountId, signal);
    this.#serving.refused(accountId, rejected);
    const renewed = await this.#refreshed(entry, signal);
    if (renewed.tokens.accessToken !== rejected) return renewed.tokens.accessToken;
    const failure = refreshFailure('token_unchanged', 'The provider gave the same token again.');
    throw refreshError(accountLabel(renewed.facts), accountId, failure);
  }

  /**
   * Refreshes on a person's request: whatever the account's status, and without waiting for a pause to end.
   *
   * @throws TightropeError `account_not_found`, `account_token_refresh_unavailable`, `token_refresh_failed`.
   */
  async refreshNow(accountId: string): Promise<void> {
    const entry = this.#known(accountId);
    if (entry.tokens === null || entry.tokens.refreshToken === null) {
      throw new TightropeError('account_token_refresh_unavailable');
    }
    this.#entryOf(await this.#fly(accountId), entry);
  }

  /** Refreshes a login that nobody waits for; joins a refresh under way. Returns why it failed, `null` when it did not. */
  async refreshQuietly(accountId: string): Promise<RefreshFailure | null> {
    const result = await this.#join(accountId);
    return result.entry === undefined ? result.failure : null;
  }

  /** Resolves when no exchange is under way. */
  settled(): Promise<void> {
    return this.#flights.settled();
  }

  /** A login that still works is served when its refresh fails for a passing reason or takes its time. */
  async #refreshedAhead(entry: WithLogin, signal: AbortSignal): Promise<string> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(this.#aheadWaitMs)]);
    try {
      return (await this.#refreshed(entry, patience)).tokens.accessToken;
    } catch (error) {
      signal.throwIfAborted();
      return this.#living(entry.facts.id, error).tokens.accessToken;
    }
  }

  async #refreshed(entry: WithLogin, signal: AbortSignal): Promise<WithLogin> {
    const held = this.#backoff.heldBack(entry);
    if (held !== null) throw held;
    const accountId = entry.facts.id;
    this.#entryOf(await untilAborted(this.#fly(accountId), signal), entry);
    return this.#living(accountId);
  }

  /** Somebody waits: it goes before the refreshes that nobody waits for. */
  #fly(accountId: string): Promise<ExchangeResult> {
    this.#exchange.hurry(accountId);
    return this.#join(accountId);
  }

  #join(accountId: string): Promise<ExchangeResult> {
    return this.#flights.run(accountId, async () => {
      const result = await this.#exchange.run(accountId);
      if (result.entry === undefined) {
        this.#holdBack(accountId, result.failure, result.retryAfterMs);
      } else {
        this.#backoff.clear(accountId);
        this.#serving.renewed(accountId);
      }
      return result;
    });
  }

  /** @throws TightropeError that says what the failure means for whoever waited */
  #entryOf(result: ExchangeResult, before: RosterEntry): RosterEntry {
    if (result.entry !== undefined) return result.entry;
    if (result.failure.code === ACCOUNT_GONE) throw new TightropeError('account_not_found');
    throw refreshError(accountLabel(before.facts), before.facts.id, result.failure);
  }

  #holdBack(accountId: string, failure: RefreshFailure, retryAfterMs: number | null): void {
    const entry = this.#roster.get(accountId);
    if (entry === undefined || isPermanent(failure.kind)) return;
    this.#backoff.hold(entry, refreshError(accountLabel(entry.facts), accountId, failure), retryAfterMs);
  }

  #known(accountId: string): RosterEntry {
    const entry = this.#roster.get(accountId);
    if (entry === undefined) throw new TightropeError('account_not_found');
    return entry;
  }

  /** The account if its login is not dead; else the error that says why, `cause` if there is one. */
  #living(accountId: string, cause?: unknown): WithLogin {
    const entry = this.#known(accountId);
    const { facts, tokens } = entry;
    if (tokens !== null && !isLoginDead(facts.status)) return { ...entry, tokens };
    if (cause instanceof TightropeError) throw cause;
    const message = facts.status_reason ?? 'No login is stored.';
    throw refreshError(accountLabel(facts), accountId, refreshFailure('invalid_grant', message));
  }
}
