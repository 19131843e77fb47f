/**
 * One refresh of one login, step by step (spec/cluster.md appendix F): permit, newest tokens, exchange, store, use.
 * Callers see to it that only one runs per account (`TokenRefresh`).
 */
import type { Cluster } from '../cluster/cluster';
import { TokenEndpointError, type TokenEndpoint, type TokenGrant } from '../oauth/token-endpoint';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import { isLoginDead, reasonText } from './account-health';
import type { AccountPatch, AccountTokens } from './account-row';
import { accountLabel } from './account-view';
import type { AccountsStore } from './accounts-store';
import type { BackgroundWrites } from './background-writes';
import { readIdentity, readTokenLife } from './identity-claims';
import type { LoginWriter, RotatedLogin, RunTransaction, StoreOutcome } from './login-writer';
import { isPermanent, kindOfFailure, type RefreshFailure } from './refresh-failure';
import { loadEntry } from './roster-loading';
import type { Roster, RosterEntry } from './roster';

/** `config.tokenRefresh`, as far as it is written into rows. */
export interface RefreshSchedule {
  /** Until a refreshed login is due again, ms. */
  readonly successCycleMs: number;
  /** Until one whose refresh failed for a passing reason is due again, ms. */
  readonly failureRetryMs: number;
}

export interface TokenExchangeOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly writer: LoginWriter;
  readonly background: BackgroundWrites;
  readonly vault: Vault;
  readonly endpoint: TokenEndpoint;
  readonly cluster: Pick<Cluster, 'nodeId' | 'refreshPermit'>;
  readonly schedule: RefreshSchedule;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishEvent;
}

/** The account with a login that was not there before, or why there is none. */
export type ExchangeResult =
  | { readonly entry: RosterEntry }
  | { readonly entry?: undefined; readonly failure: RefreshFailure; readonly retryAfterMs: number | null };

/** Codes of our own beside the provider's (spec/data-security.md 6.6). */
export const ACCOUNT_GONE = 'account_not_found';
const NO_REFRESH_TOKEN = 'invalid_refresh_token';

export class TokenExchange {
  readonly #options: TokenExchangeOptions;
  /** Aborted only to cut exchanges off that outlast the stop: whatever the provider answers then is lost. */
  readonly #cutOff = new AbortController();

  constructor(options: TokenExchangeOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong is told, recorded on the account and returned. */
  async run(accountId: string): Promise<ExchangeResult> {
    const permit = await this.#options.cluster.refreshPermit(accountId, this.#cutOff.signal).catch(asFailure);
    if ('failure' in permit) return permit;
    if (permit.kind === 'wait')
      return failed('refresh_elsewhere', 'Another machine refreshes it.', permit.retryAfterMs);
    if (permit.kind === 'denied') return failed('refresh_denied', permit.reason);
    try {
      return await this.#refresh(accountId);
    } catch (error) {
      const { failure } = asFailure(error);
      this.#options.logger.error('token_refresh_broke', { accountId, reason: failure.message });
      return { failure, retryAfterMs: null };
    } finally {
      await permit.release();
    }
  }

  /** Gives up on exchanges that are still under way. */
  cutOff(): void {
    this.#cutOff.abort(new Error('Tightrope is stopping.'));
  }

  async #refresh(accountId: string): Promise<ExchangeResult> {
    const entry = this.#options.roster.get(accountId);
    if (entry === undefined) return failed(ACCOUNT_GONE, 'The account was removed.');
    // A failed read ends the attempt here: a token is not spent while the database cannot take the next one.
    const newer = await this.#adoptNewer(entry);
    if (newer !== null) return newer;
    const { tokens } = entry;
    if (tokens === null || tokens.refreshToken === null) return failed(NO_REFRESH_TOKEN, 'There is no refresh token.');
    try {
      const grant = await this.#options.endpoint.refresh(tokens.refreshToken, this.#cutOff.signal);
      return await this.#keep(entry, tokens.refreshToken, grant);
    } catch (error) {
      if (error instanceof TokenEndpointError) return this.#refused(entry, error);
      throw error;
    }
  }

  /** Someone else's newer login, or that the account is gone; `null` when ours is the newest. */
  async #adoptNewer(entry: RosterEntry): Promise<ExchangeResult | null> {
    const { store, roster, vault } = this.#options;
    const row = await store.byId(entry.facts.id);
    if (row === undefined) {
      roster.remove(entry.facts.id);
      return failed(ACCOUNT_GONE, 'The account was removed.');
    }
    const present = roster.get(row.id);
    if (row.token_generation <= (present ?? entry).facts.token_generation) {
      return present === undefined || present.facts.token_generation === entry.facts.token_generation
        ? null
        : { entry: present };
    }
    const adopted = loadEntry(vault, row, present).entry;
    roster.put(adopted);
    return { entry: adopted };
  }

  /** Makes the new login durable, then current. */
  async #keep(entry: RosterEntry, spentRefreshToken: string, grant: TokenGrant): Promise<ExchangeResult> {
    const { roster, publish } = this.#options;
    const { id: accountId, token_generation: generation } = entry.facts;
    const tokens: AccountTokens = {
      accessToken: grant.accessToken,
      refreshToken: grant.refreshToken ?? spentRefreshToken,
      idToken: grant.idToken ?? entry.tokens?.idToken ?? null,
    };
    const patch = this.#patchAfter(roster.get(accountId) ?? entry, grant);
    const nextGeneration = generation + 1;
    const outcome = await this.#save({ accountId, spentRefreshToken, generation, nextGeneration, tokens, patch });
    if (outcome.kind !== 'stored') {
      return (await this.#adoptNewer(entry)) ?? failed('superseded', 'The login changed meanwhile.');
    }
    const revived = isLoginDead((roster.get(accountId) ?? entry).facts.status);
    const changed = roster.change(accountId, {
      tokens,
      facts: { ...patch, token_generation: outcome.generation },
      ...(revived ? { loginEpoch: entry.loginEpoch + 1 } : {}),
    });
    if (changed === undefined) return failed(ACCOUNT_GONE, 'The account was removed.');
    publish({
      type: 'token_refreshed',
      level: 'info',
      accountId,
      message: `Login of ${accountLabel(entry.facts)} refreshed.`,
    });
    return { entry: changed };
  }

  /** What the database does not take counts as stored: the writer holds it and tries again. */
  async #save(login: RotatedLogin): Promise<StoreOutcome> {
    const { writer, logger, publish } = this.#options;
    const { accountId } = login;
    try {
      return await writer.save(login);
    } catch (error) {
      const reason = messageOf(error);
      logger.error('rotated_login_not_saved', { accountId, reason });
      const message = 'A refreshed login is in memory only: the database did not take it.';
      publish({ type: 'token_persist_failed', level: 'error', accountId, message, facts: { reason } });
      writer.keep(login);
      return { kind: 'stored', generation: login.nextGeneration };
    }
  }

  /** Columns of a refreshed login. A refresh proves a dead login alive, but lifts neither a limit nor a pause. */
  #patchAfter({ facts }: RosterEntry, grant: TokenGrant): AccountPatch {
    const { clock, schedule, cluster } = this.#options;
    const nowMs = clock.now();
    // Of the grant alone: an id token that was kept tells of the plan as it was.
    const identity = readIdentity({ ...grant, accountIdHint: null });
    return {
      access_token_expires_at_ms: readTokenLife(grant.accessToken).expiresAtMs,
      token_owner: cluster.nodeId,
      plan_type: identity.planType ?? facts.plan_type,
      email: facts.email ?? identity.email,
      last_refresh_at_ms: nowMs,
      token_refresh_last_success_at_ms: nowMs,
      token_refresh_next_due_at_ms: nowMs + schedule.successCycleMs,
      token_refresh_needs_attention: 0,
      token_refresh_last_error: null,
      updated_at_ms: nowMs,
      ...(isLoginDead(facts.status) ? { status: 'active', status_reason: null, blocked_until_ms: null } : {}),
    };
  }

  async #refused(entry: RosterEntry, error: TokenEndpointError): Promise<ExchangeResult> {
    const failure: RefreshFailure = { code: error.code, message: error.message, status: error.status };
    // Whoever spent the token before us may have left the next one in the database.
    const newer = isPermanent(kindOfFailure(failure)) ? await this.#adoptNewer(entry) : null;
    if (newer !== null) return newer;
    this.#record(entry, failure);
    return { failure, retryAfterMs: error.retryAfterMs };
  }

  #record(entry: RosterEntry, failure: RefreshFailure): void {
    const { roster, store, transaction, background, clock, schedule, publish } = this.#options;
    const { id: accountId, token_generation: generation } = entry.facts;
    const kind = kindOfFailure(failure);
    const nowMs = clock.now();
    const reason = reasonText(failure.code, failure.message);
    const present = roster.get(accountId)?.facts;
    const leaves = isPermanent(kind) && present?.status !== 'paused';
    const patch: AccountPatch = {
      token_refresh_last_error: reason,
      token_refresh_needs_attention: isPermanent(kind) ? 1 : (present?.token_refresh_needs_attention ?? 0),
      token_refresh_next_due_at_ms: isPermanent(kind) ? null : nowMs + schedule.failureRetryMs,
      updated_at_ms: nowMs,
      ...(leaves ? { status: kind, status_reason: reason, blocked_until_ms: null } : {}),
    };
    if (present?.token_generation === generation) roster.change(accountId, { facts: patch });
    background.start('refresh failure', accountId, () =>
      transaction((trx) => store.changeAt(trx, accountId, generation, patch)),
    );
    const message = `Login of ${accountLabel(entry.facts)} could not be refreshed. ${reason}`;
    const facts = { code: failure.code, upstreamStatus: failure.status, kind };
    publish({
      type: 'token_refresh_failed',
      level: kind === 'transient' ? 'warn' : 'error',
      accountId,
      message,
      facts,
    });
    if (leaves) {
      const gone = `${accountLabel(entry.facts)} left the pool: ${reason}`;
      publish({ type: 'account_unusable', level: 'error', accountId, message: gone, facts });
    }
  }
}

function failed(code: string, message: string, retryAfterMs: number | null = null): ExchangeResult {
  return { failure: { code, message, status: null }, retryAfterMs };
}

function asFailure(error: unknown): { failure: RefreshFailure; retryAfterMs: null } {
  const message = messageOf(error);
  return { failure: { code: 'oauth_refresh_failed', message, status: null }, retryAfterMs: null };
}
