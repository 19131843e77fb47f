/**
 * Keeps logins fresh: ahead of expiry, after a 401, and on request. Refresh tokens are single-use (codex-wire 2.10), so
 * there is one exchange per account at a time however many ask, and its outcome is durable before anybody uses it.
 */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import { isLoginDead } from './account-health';
import { accountLabel } from './account-view';
import { RefreshBackoff } from './refresh-backoff';
import { isPermanent, kindOfFailure, refreshError, type RefreshFailure } from './refresh-failure';
import { ACCOUNT_GONE, type TokenExchange } from './token-exchange';
import type { Roster, RosterEntry } from './roster';
import { SingleFlight, untilAborted } from './single-flight';
import type { AccountTokens } from './account-row';

/** Tokens that end sooner than this are refreshed before they are used (spec/proxy.md 9.1). */
const REFRESH_AHEAD_MS = 300_000;
/** A token that still has at least this long to live may be served when a refresh does not come through. */
const STILL_GOOD_MS = 5_000;
/** How long a request whose token is still good waits for its refresh. */
const AHEAD_WAIT_MS = 5_000;

interface TokenRefreshOptions {
  readonly roster: Roster;
  readonly exchange: TokenExchange;
  readonly clock: Clock;
}

/** An entry that has a login. */
type WithLogin = RosterEntry & { readonly tokens: AccountTokens };

export class TokenRefresh {
  readonly #roster: Roster;
  readonly #exchange: TokenExchange;
  readonly #clock: Clock;
  readonly #flights = new SingleFlight<RosterEntry>();
  readonly #backoff: RefreshBackoff;

  constructor({ roster, exchange, clock }: TokenRefreshOptions) {
    this.#roster = roster;
    this.#exchange = exchange;
    this.#clock = clock;
    this.#backoff = new RefreshBackoff(clock);
  }

  /**
   * An access token that is not known to be expired.
   *
   * @throws TightropeError `account_not_found`, or `token_refresh_failed` when the login is dead or expired and cannot be
   *   refreshed now; the signal's reason when the asker leaves. The refresh itself goes on then.
   */
  async accessToken(accountId: string, signal: AbortSignal): Promise<string> {
    const entry = this.#serving(accountId);
    const expiresAtMs = entry.facts.access_token_expires_at_ms;
    const leftMs = expiresAtMs === null ? Infinity : expiresAtMs - this.#clock.now();
    if (leftMs > REFRESH_AHEAD_MS) return entry.tokens.accessToken;
    if (leftMs <= STILL_GOOD_MS) return (await this.#refreshed(entry, signal)).tokens.accessToken;
    if (entry.tokens.refreshToken === null) return entry.tokens.accessToken;
    return this.#refreshedAhead(entry, signal);
  }

  /**
   * A token other than `rejected`, which upstream has answered with 401.
   *
   * @throws TightropeError as `accessToken`.
   */
  async replaceToken(accountId: string, rejected: string, signal: AbortSignal): Promise<string> {
    const entry = this.#serving(accountId);
    if (entry.tokens.accessToken !== rejected) return this.accessToken(accountId, signal);
    const renewed = await this.#refreshed(entry, signal);
    if (renewed.tokens.accessToken !== rejected) return renewed.tokens.accessToken;
    const message = 'The provider gave the same token again.';
    throw refreshError(accountLabel(renewed.facts), accountId, { code: 'token_unchanged', message, status: null });
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
    await this.#fly(entry);
  }

  /** Resolves when no exchange is under way. */
  settled(): Promise<void> {
    return this.#flights.settled();
  }

  /** A login that still works is served when its refresh fails for a passing reason or takes its time. */
  async #refreshedAhead(entry: WithLogin, signal: AbortSignal): Promise<string> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(AHEAD_WAIT_MS)]);
    try {
      return (await this.#refreshed(entry, patience)).tokens.accessToken;
    } catch (error) {
      signal.throwIfAborted();
      return this.#serving(entry.facts.id, error).tokens.accessToken;
    }
  }

  async #refreshed(entry: WithLogin, signal: AbortSignal): Promise<WithLogin> {
    const held = this.#backoff.heldBack(entry);
    if (held !== null) throw held;
    await untilAborted(this.#fly(entry), signal);
    return this.#serving(entry.facts.id);
  }

  #fly(entry: RosterEntry): Promise<RosterEntry> {
    const accountId = entry.facts.id;
    return this.#flights.run(accountId, async () => {
      const result = await this.#exchange.run(accountId);
      if (result.entry !== undefined) {
        this.#backoff.clear(accountId);
        return result.entry;
      }
      if (result.failure.code === ACCOUNT_GONE) throw new TightropeError('account_not_found');
      const error = refreshError(accountLabel(entry.facts), accountId, result.failure);
      this.#holdBack(accountId, result.failure, error, result.retryAfterMs);
      throw error;
    });
  }

  #holdBack(accountId: string, failure: RefreshFailure, error: TightropeError, retryAfterMs: number | null): void {
    const entry = this.#roster.get(accountId);
    if (entry !== undefined && !isPermanent(kindOfFailure(failure))) this.#backoff.hold(entry, error, retryAfterMs);
  }

  #known(accountId: string): RosterEntry {
    const entry = this.#roster.get(accountId);
    if (entry === undefined) throw new TightropeError('account_not_found');
    return entry;
  }

  /** The account if its login is not dead; else the error that says why, `cause` if there is one. */
  #serving(accountId: string, cause?: unknown): WithLogin {
    const entry = this.#known(accountId);
    const { facts, tokens } = entry;
    if (tokens !== null && !isLoginDead(facts.status)) return { ...entry, tokens };
    if (cause instanceof TightropeError) throw cause;
    const message = facts.status_reason ?? 'No login is stored.';
    throw refreshError(accountLabel(facts), accountId, { code: 'invalid_grant', message, status: null });
  }
}
