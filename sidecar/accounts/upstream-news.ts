/** What upstream's figures say about an account besides verdicts: that its limit is over, or its plan another one. */
import type { Clock } from '../platform/clock';
import type { PublishEvent } from './account-events';
import { isLimitedNow, REVIVED } from './account-health';
import { accountLabel } from './account-label';
import type { AccountPatch } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { BackgroundWrites } from './background-writes';
import type { RunTransaction } from './login-writer';
import type { Roster } from './roster';

export interface UpstreamNewsOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly background: BackgroundWrites;
  readonly clock: Clock;
  readonly publish: PublishEvent;
}

/** All of it counts at once in memory; the database follows. */
export class UpstreamNews {
  readonly #options: UpstreamNewsOptions;

  constructor(options: UpstreamNewsOptions) {
    this.#options = options;
  }

  /** Brings an account back whose limit ended earlier than expected. Any other state stays. */
  limitLifted(accountId: string): void {
    const { roster, clock, publish } = this.#options;
    const facts = roster.get(accountId)?.facts;
    if (facts === undefined || !isLimitedNow(facts, clock.now())) return;
    this.#write('limit lifted', accountId, REVIVED);
    const message = `${accountLabel(facts)} is back in rotation: its limit is over.`;
    publish({ type: 'account_recovered', level: 'info', accountId, message });
  }

  /** A limit that ends earlier than was said. Any other state stays. */
  limitShortened(accountId: string, untilMs: number): void {
    const { roster, clock } = this.#options;
    const facts = roster.get(accountId)?.facts;
    if (facts === undefined || !isLimitedNow(facts, clock.now()) || untilMs >= (facts.blocked_until_ms ?? 0)) return;
    this.#write('limit shortened', accountId, { blocked_until_ms: untilMs });
  }

  planChanged(accountId: string, planType: string): void {
    const { roster, publish } = this.#options;
    const facts = roster.get(accountId)?.facts;
    if (facts === undefined || facts.plan_type === planType) return;
    this.#write('plan', accountId, { plan_type: planType });
    const message = `The plan of ${accountLabel(facts)} is ${planType}${facts.plan_type === null ? '' : `, it was ${facts.plan_type}`}.`;
    const details = { planType, previous: facts.plan_type };
    publish({ type: 'account_plan_changed', level: 'info', accountId, message, facts: details });
  }

  #write(what: string, accountId: string, change: AccountPatch): void {
    const { roster, store, transaction, background, clock } = this.#options;
    const patch = { ...change, updated_at_ms: clock.now() };
    roster.change(accountId, { facts: patch });
    background.start(what, accountId, () => transaction((trx) => store.change(trx, accountId, patch)));
  }
}
