/**
 * One refresh of one login, step by step (spec/cluster.md appendix F): permit, lane, newest tokens, intent, exchange,
 * store, use. Callers see to it that only one runs per account (`TokenRefresh`).
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, RefreshPermit } from '../cluster/cluster';
import type { TokenEndpoint, TokenGrant } from '../oauth/token-endpoint';
import { TokenEndpointError } from '../oauth/token-endpoint-error';
import type { Logger } from '../platform/logger';
import { messageOf } from '../platform/thrown';
import type { Vault } from '../vault/vault';
import type { PublishEvent } from './account-events';
import { isLoginDead } from './account-health';
import type { AccountRow, AccountTokens } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { LoginWriter, RotatedLogin, StoreOutcome } from './login-writer';
import { isPermanent, refreshFailure, type RefreshFailure } from './refresh-failure';
import type { RefreshIntents } from './refresh-intent';
import type { RefreshLane } from './refresh-lane';
import type { RefreshOutcome } from './refresh-outcome';
import { loadEntry } from './roster-loading';
import type { Roster, RosterEntry } from './roster';

export interface TokenExchangeOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly writer: LoginWriter;
  readonly intents: RefreshIntents;
  readonly outcome: RefreshOutcome;
  readonly lane: RefreshLane;
  readonly vault: Vault;
  readonly endpoint: TokenEndpoint;
  readonly cluster: Pick<Cluster, 'refreshPermit'>;
  readonly logger: Logger;
  readonly publish: PublishEvent;
  /** How long to wait for another machine that refreshes the same login, ms. @default 10000 */
  readonly permitWaitMs?: number;
}

/** The account with a login that was not there before, or why there is none. */
export type ExchangeResult =
  | { readonly entry: RosterEntry }
  | { readonly entry?: undefined; readonly failure: RefreshFailure; readonly retryAfterMs: number | null };

type Granted = Extract<RefreshPermit, { kind: 'granted' }>;

/** Codes of our own beside the provider's (spec/data-security.md 6.6). */
export const ACCOUNT_GONE = 'account_not_found';
const NO_REFRESH_TOKEN = 'invalid_refresh_token';
const PERMIT_WAIT_MS = 10_000;
const LEAST_PERMIT_PAUSE_MS = 20;

export class TokenExchange {
  readonly #options: TokenExchangeOptions;
  readonly #stopping = new AbortController();
  /** Aborted only to cut exchanges off that outlast the stop: whatever the provider answers then is lost. */
  readonly #cutOff = new AbortController();
  /** Accounts whose refresh somebody waits for. */
  readonly #urgent = new Set<string>();

  constructor(options: TokenExchangeOptions) {
    this.#options = options;
  }

  /** Never rejects: what goes wrong is told, recorded on the account and returned. */
  async run(accountId: string): Promise<ExchangeResult> {
    try {
      const permit = await this.#permit(accountId);
      if ('failure' in permit) return permit;
      try {
        const { lane } = this.#options;
        return await lane.run(accountId, this.#urgent.has(accountId), () => this.#refresh(accountId, permit.signal));
      } finally {
        await permit.release();
      }
    } catch (error) {
      const reason = messageOf(error);
      if (this.#stopping.signal.aborted) return failed('refresh_denied', reason);
      this.#options.logger.error('token_refresh_broke', { accountId, reason });
      return failed('oauth_refresh_failed', reason);
    } finally {
      this.#urgent.delete(accountId);
    }
  }

  /** Somebody waits for this account's next refresh, or for the one that waits for its turn. */
  hurry(accountId: string): void {
    this.#urgent.add(accountId);
    this.#options.lane.hurry(accountId);
  }

  /** No exchange begins any more. */
  stop(): void {
    this.#stopping.abort(new Error('Tightrope is stopping.'));
    this.#options.lane.stop();
  }

  /** Gives up on exchanges that are still under way. */
  cutOff(): void {
    this.#cutOff.abort(new Error('Tightrope is stopping.'));
  }

  /** The right to refresh; while another machine has it, waits for that machine's outcome. */
  async #permit(accountId: string): Promise<Granted | Extract<ExchangeResult, { entry?: undefined }>> {
    const { signal } = this.#stopping;
    const patience = AbortSignal.timeout(this.#options.permitWaitMs ?? PERMIT_WAIT_MS);
    for (;;) {
      signal.throwIfAborted();
      const permit = await this.#options.cluster.refreshPermit(accountId, signal);
      if (permit.kind === 'granted') return permit;
      if (permit.kind === 'denied') return failed('refresh_denied', permit.reason);
      if (patience.aborted) return failed('refresh_elsewhere', 'Another machine refreshes it.', permit.retryAfterMs);
      await pauseUnless(AbortSignal.any([signal, patience]), Math.max(permit.retryAfterMs, LEAST_PERMIT_PAUSE_MS));
    }
  }

  async #refresh(accountId: string, mayRefresh: AbortSignal): Promise<ExchangeResult> {
    const { roster, writer, intents, outcome } = this.#options;
    // A failed write ends the attempt here: a token is not spent while the database cannot take the next one.
    await writer.saveKept(accountId);
    const entry = roster.get(accountId);
    if (entry === undefined) return failed(ACCOUNT_GONE, 'The account was removed.');
    const refreshToken = entry.tokens?.refreshToken ?? null;
    if (refreshToken === null) return failed(NO_REFRESH_TOKEN, 'There is no refresh token.');
    if (mayRefresh.aborted) return failed('refresh_elsewhere', 'Another machine refreshes it.');
    const clearance = await intents.declare(entry, refreshToken);
    if (clearance.kind === 'gone') return this.#gone(accountId);
    if (clearance.kind === 'newer') return { entry: this.#adopt(clearance.row) };
    if (clearance.kind === 'in_doubt') {
      const { token_refresh_intent_hash, token_refresh_intent_at_ms } = clearance.row;
      const facts = { token_refresh_intent_hash, token_refresh_intent_at_ms };
      return { failure: outcome.interrupted(roster.change(accountId, { facts }) ?? entry), retryAfterMs: null };
    }
    return this.#exchange(entry, refreshToken);
  }

  async #exchange(entry: RosterEntry, refreshToken: string): Promise<ExchangeResult> {
    const { endpoint, intents } = this.#options;
    let grant: TokenGrant;
    try {
      grant = await endpoint.refresh(refreshToken, this.#cutOff.signal);
    } catch (error) {
      // Cut off: nobody will ever hear the answer, so the intent stays as after a death of the process.
      if (!(error instanceof TokenEndpointError) || this.#cutOff.signal.aborted) throw error;
      intents.answered(entry.facts.id, refreshToken);
      return this.#refused(entry, error);
    }
    return this.#keep(entry, refreshToken, grant);
  }

  /** Makes the new login durable, then current. */
  async #keep(entry: RosterEntry, spentRefreshToken: string, grant: TokenGrant): Promise<ExchangeResult> {
    const { roster, outcome } = this.#options;
    const { id: accountId, token_generation: generation } = entry.facts;
    const tokens: AccountTokens = {
      accessToken: grant.accessToken,
      refreshToken: grant.refreshToken ?? spentRefreshToken,
      idToken: grant.idToken ?? entry.tokens?.idToken ?? null,
    };
    const patch = outcome.patchAfter(roster.get(accountId) ?? entry, grant);
    const nextGeneration = generation + 1;
    const stored = await this.#save({ accountId, spentRefreshToken, generation, nextGeneration, tokens, patch });
    if (stored.kind !== 'stored') {
      return (await this.#newerThan(entry)) ?? failed('superseded', 'The login changed meanwhile.');
    }
    const revived = isLoginDead((roster.get(accountId) ?? entry).facts.status);
    const changed = roster.change(accountId, {
      tokens,
      facts: { ...patch, token_generation: stored.generation },
      ...(revived ? { loginEpoch: entry.loginEpoch + 1 } : {}),
    });
    if (changed === undefined) return failed(ACCOUNT_GONE, 'The account was removed.');
    outcome.succeeded(changed);
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

  async #refused(entry: RosterEntry, error: TokenEndpointError): Promise<ExchangeResult> {
    const failure = refreshFailure(error.code, error.message, error);
    // Whoever spent the token before us may have left the next one in the database.
    const newer = isPermanent(failure.kind) ? await this.#newerThan(entry) : null;
    if (newer !== null) return newer;
    this.#options.outcome.failed(entry, failure, error.retryAfterMs);
    return { failure, retryAfterMs: error.retryAfterMs };
  }

  /** Someone else's newer login, or that the account is gone; `null` when ours is the newest. */
  async #newerThan(entry: RosterEntry): Promise<ExchangeResult | null> {
    const { store, roster } = this.#options;
    const { id: accountId, token_generation: generation } = entry.facts;
    const row = await store.byId(accountId);
    if (row === undefined) return this.#gone(accountId);
    const present = roster.get(accountId);
    if (row.token_generation > (present ?? entry).facts.token_generation) return { entry: this.#adopt(row) };
    return present === undefined || present.facts.token_generation === generation ? null : { entry: present };
  }

  /** Brings a login that somebody else has stored into memory. */
  #adopt(row: AccountRow): RosterEntry {
    const { roster, vault } = this.#options;
    const present = roster.get(row.id);
    if (present !== undefined && present.facts.token_generation >= row.token_generation) return present;
    const adopted = loadEntry(vault, row, present).entry;
    roster.put(adopted);
    return adopted;
  }

  #gone(accountId: string): ExchangeResult {
    this.#options.roster.remove(accountId);
    return failed(ACCOUNT_GONE, 'The account was removed.');
  }
}

/** A pause that a signal cuts short. */
async function pauseUnless(signal: AbortSignal, ms: number): Promise<void> {
  await pause(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

function failed(
  code: string,
  message: string,
  retryAfterMs: number | null = null,
): Extract<ExchangeResult, { entry?: undefined }> {
  return { failure: refreshFailure(code, message), retryAfterMs };
}
