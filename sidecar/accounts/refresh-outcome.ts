/** What a refresh leaves behind on its account, in memory, in the database and as an event. */
import type { TokenGrant } from '../oauth/token-endpoint';
import type { Clock } from '../platform/clock';
import type { PublishEvent } from './account-events';
import { isLoginDead, reasonText, REVIVED } from './account-health';
import { accountLabel } from './account-label';
import type { AccountPatch } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { BackgroundWrites } from './background-writes';
import { readIdentity, readTokenLife } from './identity-claims';
import type { RunTransaction } from './login-writer';
import { isPermanent, type RefreshFailure } from './refresh-failure';
import { NO_INTENT } from './refresh-intent';
import { pauseAfterFailureMs, REFRESH_AHEAD_MS, type RefreshTimes } from './refresh-times';
import type { Roster, RosterEntry } from './roster';
import type { ServingTokens } from './serving-tokens';

export interface RefreshOutcomeOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly background: BackgroundWrites;
  readonly serving: ServingTokens;
  readonly times: RefreshTimes;
  /** Written into rows as `token_owner`. */
  readonly nodeId: string;
  readonly clock: Clock;
  readonly publish: PublishEvent;
}

/** Code of a refresh that a process before this one did not live to finish. */
const INTERRUPTED = 'refresh_interrupted';

export class RefreshOutcome {
  readonly #options: RefreshOutcomeOptions;

  constructor(options: RefreshOutcomeOptions) {
    this.#options = options;
  }

  /** Columns of a refreshed login. A refresh proves a dead login alive, but lifts neither a limit nor a pause. */
  patchAfter({ facts }: RosterEntry, grant: TokenGrant): AccountPatch {
    const { clock, times, nodeId } = this.#options;
    const nowMs = clock.now();
    // Of the grant alone: an id token that was kept tells of the plan as it was.
    const identity = readIdentity({ ...grant, accountIdHint: null });
    return {
      ...NO_INTENT,
      access_token_expires_at_ms: readTokenLife(grant.accessToken).expiresAtMs,
      token_owner: nodeId,
      plan_type: identity.planType ?? facts.plan_type,
      email: facts.email ?? identity.email,
      last_refresh_at_ms: nowMs,
      token_refresh_last_success_at_ms: nowMs,
      token_refresh_next_due_at_ms: nowMs + times.successCycleMs,
      token_refresh_needs_attention: 0,
      token_refresh_last_error: null,
      token_refresh_failures: 0,
      updated_at_ms: nowMs,
      ...(isLoginDead(facts.status) ? REVIVED : {}),
    };
  }

  /** Announces a refresh. */
  succeeded({ facts }: RosterEntry): void {
    this.#options.publish({
      type: 'token_refreshed',
      level: 'info',
      accountId: facts.id,
      message: `Login of ${accountLabel(facts)} refreshed.`,
    });
  }

  /** Records a refresh that the provider refused or that did not reach it. The refresh token may be presented again. */
  failed(entry: RosterEntry, failure: RefreshFailure, retryAfterMs: number | null): void {
    const { times } = this.#options;
    const present = this.#options.roster.get(entry.facts.id) ?? entry;
    const failures = present.facts.token_refresh_failures + 1;
    const pauseMs =
      failure.kind === 'transient' ? pauseAfterFailureMs(failures, times.failureRetryMs) : times.failureRetryMs;
    const dueAtMs = this.#options.clock.now() + Math.max(pauseMs, retryAfterMs ?? 0);
    this.#record(entry, failure, {
      ...NO_INTENT,
      token_refresh_failures: failures,
      token_refresh_next_due_at_ms: failure.mayBeSpent ? Math.max(dueAtMs, this.#lastResortAtMs(present)) : dueAtMs,
    });
  }

  /**
   * Records, once, that a process died while it presented the refresh token: the account serves on as long as its access
   * token does, then a new login is needed. The token is not presented again.
   */
  interrupted(entry: RosterEntry): RefreshFailure {
    const { facts } = entry;
    const atMs = facts.token_refresh_intent_at_ms;
    const since = atMs === null ? '' : ` at ${new Date(atMs).toISOString()}`;
    const failure: RefreshFailure = {
      kind: this.#options.serving.serves(entry) ? 'interrupted' : 'reauth_required',
      code: INTERRUPTED,
      message: `Tightrope ended${since} while it refreshed this login. The refresh token may be spent, and presenting a spent one ends the session, so it is not used again.`,
      status: null,
      mayBeSpent: true,
    };
    const isKnown = facts.token_refresh_last_error === reasonOf(failure);
    const leaves = isLoginDead(failure.kind) && facts.status !== 'paused' && !isLoginDead(facts.status);
    if (!isKnown || leaves) this.#record(entry, failure, {});
    return failure;
  }

  /** When a token that may be spent is presented all the same: at the end of the access token nothing is left to lose. */
  #lastResortAtMs(entry: RosterEntry): number {
    const endsAtMs = entry.facts.access_token_expires_at_ms ?? 0;
    return this.#options.serving.serves(entry) ? endsAtMs - REFRESH_AHEAD_MS : 0;
  }

  #record(entry: RosterEntry, failure: RefreshFailure, schedule: AccountPatch): void {
    const { roster, store, transaction, background, clock } = this.#options;
    const { id: accountId, token_generation: generation } = entry.facts;
    const present = roster.get(accountId)?.facts;
    const reason = reasonOf(failure);
    const leaves = isLoginDead(failure.kind) && present?.status !== 'paused';
    const lasting = isPermanent(failure.kind);
    const patch: AccountPatch = {
      ...schedule,
      token_refresh_last_error: reason,
      token_refresh_needs_attention: lasting ? 1 : (present?.token_refresh_needs_attention ?? 0),
      ...(lasting ? { token_refresh_next_due_at_ms: null } : {}),
      updated_at_ms: clock.now(),
      ...(leaves ? { status: failure.kind, status_reason: reason, blocked_until_ms: null, routing_pinned: 0 } : {}),
    };
    if (present?.token_generation === generation) roster.change(accountId, { facts: patch });
    background.start('refresh failure', accountId, () =>
      transaction((trx) => store.changeAt(trx, accountId, generation, patch)),
    );
    this.#announce(entry, failure, leaves);
  }

  #announce({ facts }: RosterEntry, failure: RefreshFailure, leaves: boolean): void {
    const { publish } = this.#options;
    const { id: accountId } = facts;
    const label = accountLabel(facts);
    const reason = reasonOf(failure);
    const level = failure.kind === 'transient' || failure.kind === 'interrupted' ? 'warn' : 'error';
    const details = { code: failure.code, upstreamStatus: failure.status, kind: failure.kind };
    const message = `Login of ${label} could not be refreshed. ${reason}`;
    publish({ type: 'token_refresh_failed', level, accountId, message, facts: details });
    if (!leaves) return;
    const gone = `${label} left the pool: ${reason}`;
    publish({ type: 'account_unusable', level: 'error', accountId, message: gone, facts: details });
  }
}

function reasonOf({ code, message }: RefreshFailure): string {
  return reasonText(code, message);
}
