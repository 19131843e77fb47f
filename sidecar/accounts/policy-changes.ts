/** What a person sets for an account: alias, tags, routing policy and the pin (spec/admin-api.md 6.4; design §10). */
import type { AccountPolicyChange } from '../contract/account';
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import type { PublishEvent } from './account-events';
import { statusAt } from './account-health';
import { accountLabel } from './account-label';
import type { AccountPatch } from './account-row';
import type { AccountsStore } from './accounts-store';
import type { RunTransaction } from './login-writer';
import type { Roster, RosterEntry } from './roster';

export interface PolicyChangesOptions {
  readonly roster: Roster;
  readonly store: AccountsStore;
  readonly transaction: RunTransaction;
  readonly clock: Clock;
  readonly publish: PublishEvent;
}

export class PolicyChanges {
  readonly #options: PolicyChangesOptions;

  constructor(options: PolicyChangesOptions) {
    this.#options = options;
  }

  /** Fields that are left out stay, `null` takes back. @throws TightropeError `account_not_found` */
  async change(accountId: string, change: AccountPolicyChange): Promise<void> {
    const fields = Object.keys(change);
    this.#known(accountId);
    if (fields.length === 0) return;
    await this.#decide(accountId, new Map([[accountId, columnsOf(change)]]));
    const message = `Settings of ${accountLabel(this.#known(accountId).facts)} were changed.`;
    this.#options.publish({ type: 'account_changed', level: 'info', accountId, message, facts: { fields } });
  }

  /**
   * Sends everything to this account while it can serve; the pin of any other one ends.
   * @throws TightropeError `account_not_found`, `account_not_active`
   */
  async pin(accountId: string): Promise<void> {
    const entry = this.#known(accountId);
    this.#requireActive(entry);
    const others = this.#options.roster.all().filter(({ facts }) => facts.routing_pinned === 1);
    const unpinned = others.map(({ facts }): [string, AccountPatch] => [facts.id, { routing_pinned: 0 }]);
    await this.#decide(accountId, new Map([...unpinned, [accountId, { routing_pinned: 1 }]]));
    if (entry.facts.routing_pinned === 1) return;
    this.#announce(entry, 'account_pinned', 'was pinned: it serves all requests while it can.');
  }

  /** Whatever its status, pinned or not. @throws TightropeError `account_not_found` */
  async unpin(accountId: string): Promise<void> {
    const entry = this.#known(accountId);
    await this.#decide(accountId, new Map([[accountId, { routing_pinned: 0 }]]));
    if (entry.facts.routing_pinned === 1) this.#announce(entry, 'account_unpinned', 'is no longer pinned.');
  }

  /**
   * In memory first, so that what happens meanwhile counts on top of it; taken back when the database refuses. All of it
   * is one transaction, at the end of which `accountId` must be there.
   */
  async #decide(accountId: string, patches: ReadonlyMap<string, AccountPatch>): Promise<void> {
    const { roster, store, transaction, clock } = this.#options;
    const updated_at_ms = clock.now();
    const steps = [...patches].map(([id, patch]) => {
      const before = roster.get(id);
      const facts = { ...patch, updated_at_ms };
      return { id, facts, before, decided: roster.change(id, { facts }) };
    });
    try {
      const isThere = await transaction(async (trx) => {
        const changed = new Set<string>();
        for (const { id, facts } of steps) if (await store.change(trx, id, facts)) changed.add(id);
        return changed.has(accountId);
      });
      if (isThere) return;
    } catch (error) {
      for (const { id, before, decided } of steps) {
        if (before !== undefined && roster.get(id) === decided) roster.put(before);
      }
      throw error;
    }
    roster.remove(accountId);
    throw new TightropeError('account_not_found');
  }

  #requireActive({ facts, tokens }: RosterEntry): void {
    const status = statusAt(facts, this.#options.clock.now());
    if (status === 'active' && tokens !== null) return;
    const state = tokens === null ? 'has no login' : `is ${status}`;
    const message = `Only an active account can be pinned; ${accountLabel(facts)} ${state}.`;
    throw new TightropeError('account_not_active', { message });
  }

  #announce({ facts }: RosterEntry, type: 'account_pinned' | 'account_unpinned', what: string): void {
    this.#options.publish({ type, level: 'info', accountId: facts.id, message: `${accountLabel(facts)} ${what}` });
  }

  #known(accountId: string): RosterEntry {
    const entry = this.#options.roster.get(accountId);
    if (entry === undefined) throw new TightropeError('account_not_found');
    return entry;
  }
}

function columnsOf({ alias, tags, mode, maxUsedPercent, maxConcurrent }: AccountPolicyChange): AccountPatch {
  return {
    ...(alias === undefined ? {} : { alias: alias?.trim() ?? null }),
    ...(tags === undefined ? {} : { tags: JSON.stringify([...new Set((tags ?? []).map((tag) => tag.trim()))]) }),
    ...(mode === undefined ? {} : { routing_mode: mode ?? 'normal' }),
    ...(maxUsedPercent === undefined ? {} : { max_used_percent: maxUsedPercent }),
    ...(maxConcurrent === undefined ? {} : { max_concurrent: maxConcurrent }),
  };
}
