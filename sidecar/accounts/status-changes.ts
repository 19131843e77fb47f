/**
 * How accounts leave the rotation and come back: by verdicts of the data plane, or by a person's word. The roster changes
 * at once; the database follows.
 */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { redactText } from '../platform/redact';
import type { PublishEvent } from './account-events';
import { afterVerdict, isLoginDead, nextStrikes, type AccountVerdict } from './account-health';
import { accountLabel } from './account-label';
import type { AccountPatch } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { BackgroundWrites } from './background-writes';
import type { RunTransaction } from './login-writer';
import type { Roster, RosterEntry } from './roster';

export interface StatusChangesOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly background: BackgroundWrites;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly publish: PublishEvent;
}

export class StatusChanges {
  readonly #options: StatusChangesOptions;

  constructor(options: StatusChangesOptions) {
    this.#options = options;
  }

  /** Takes an account out of rotation until its verdict passes. Returns before anything is written. */
  report(accountId: string, verdict: AccountVerdict): void {
    const { roster, store, transaction, background, clock, logger } = this.#options;
    const entry = roster.get(accountId);
    if (entry === undefined) return;
    if (verdict.loginEpoch !== undefined && verdict.loginEpoch < entry.loginEpoch) {
      logger.debug('late_verdict_ignored', { accountId, kind: verdict.kind, code: verdict.code });
      return;
    }
    const nowMs = clock.now();
    const limit = !isLoginDead(verdict.kind);
    const strikes = limit ? nextStrikes(entry.facts, entry.strikes, nowMs) : entry.strikes;
    const clean = { ...verdict, message: redactText(verdict.message) };
    const health = afterVerdict(entry.facts, clean, strikes, nowMs);
    if (health === null) return;
    const patch: AccountPatch = { ...health, routing_pinned: 0, updated_at_ms: nowMs };
    roster.change(accountId, { facts: patch, strikes });
    // A newer login that lands first has other tokens: then this is about the old one and is not written.
    background.start('verdict', accountId, () =>
      transaction((trx) => store.changeAt(trx, accountId, entry.facts.token_generation, patch)),
    );
    this.#announce(entry, limit, health.status_reason, health.blocked_until_ms);
  }

  /** @throws TightropeError `account_not_found`; the database's error when the pause could not be stored. */
  async pause(accountId: string): Promise<void> {
    const entry = this.#known(accountId);
    const patch = { status: 'paused', status_reason: null, blocked_until_ms: null, routing_pinned: 0 };
    await this.#decide(entry, patch, entry.loginEpoch);
    if (entry.facts.status === 'paused') return;
    const message = `${accountLabel(entry.facts)} was paused.`;
    this.#options.publish({ type: 'account_paused', level: 'info', accountId, message });
  }

  /** Makes an account active from any state; failures of turns that began before it no longer count. */
  async reactivate(accountId: string): Promise<void> {
    const entry = this.#known(accountId);
    const patch = { status: 'active', status_reason: null, blocked_until_ms: null };
    await this.#decide(entry, patch, entry.loginEpoch + 1);
    if (entry.facts.status === 'active') return;
    const message = `${accountLabel(entry.facts)} was reactivated.`;
    this.#options.publish({ type: 'account_reactivated', level: 'info', accountId, message });
  }

  /** In memory first, so that what happens meanwhile counts on top of it; taken back when the database refuses. */
  async #decide(entry: RosterEntry, decision: AccountPatch, loginEpoch: number): Promise<void> {
    const { roster, store, transaction, clock } = this.#options;
    const accountId = entry.facts.id;
    const patch = { ...decision, updated_at_ms: clock.now() };
    const decided = roster.change(accountId, { facts: patch, loginEpoch });
    try {
      if (await transaction((trx) => store.change(trx, accountId, patch))) return;
    } catch (error) {
      if (roster.get(accountId) === decided) roster.put(entry);
      throw error;
    }
    roster.remove(accountId);
    throw new TightropeError('account_not_found');
  }

  #announce(entry: RosterEntry, limit: boolean, reason: string | null, untilMs: number | null): void {
    const accountId = entry.facts.id;
    const label = accountLabel(entry.facts);
    if (!limit) {
      const message = `${label} left the pool: ${reason}`;
      this.#options.publish({ type: 'account_unusable', level: 'error', accountId, message });
      return;
    }
    const until = untilMs === null ? 'further notice' : new Date(untilMs).toISOString();
    const message = `${label} is out of rotation until ${until}: ${reason}`;
    this.#options.publish({
      type: 'account_exhausted',
      level: 'warn',
      accountId,
      message,
      facts: { blockedUntilMs: untilMs },
    });
  }

  #known(accountId: string): RosterEntry {
    const entry = this.#options.roster.get(accountId);
    if (entry === undefined) throw new TightropeError('account_not_found');
    return entry;
  }
}
