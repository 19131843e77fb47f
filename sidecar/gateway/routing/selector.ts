/** Picks the account for an attempt and holds its lease: selection and in-flight count change in one step. */
import type { AccountPool, PoolAccount } from '../ports';
import { roundRobin } from './round-robin';

/** An account's slot for one attempt. `release` is idempotent. */
export interface Lease {
  readonly account: PoolAccount;
  release(): void;
}

export interface Selector {
  /** Takes a lease on a usable account outside `excluded`; `null` when none is left. */
  lease(excluded: ReadonlySet<string>): Lease | null;
  /** Whether an account outside `excluded` could serve now. */
  hasOther(excluded: ReadonlySet<string>): boolean;
  /** Turns in flight on this account. */
  inflight(accountId: string): number;
  readonly strategy: string;
}

export function createSelector(pool: Pick<AccountPool, 'usable'>, now: () => number): Selector {
  return new RoundRobinSelector(pool, now);
}

class RoundRobinSelector implements Selector {
  readonly strategy = 'round_robin';
  readonly #pool: Pick<AccountPool, 'usable'>;
  readonly #now: () => number;
  readonly #inflight = new Map<string, number>();
  #lastId: string | null = null;

  constructor(pool: Pick<AccountPool, 'usable'>, now: () => number) {
    this.#pool = pool;
    this.#now = now;
  }

  lease(excluded: ReadonlySet<string>): Lease | null {
    const usable = this.#pool.usable(this.#now());
    const candidates = excluded.size === 0 ? usable : usable.filter((account) => !excluded.has(account.id));
    const account = roundRobin(candidates, this.#lastId);
    if (account === undefined) return null;
    this.#lastId = account.id;
    this.#inflight.set(account.id, this.inflight(account.id) + 1);
    let held = true;
    return {
      account,
      release: () => {
        if (!held) return;
        held = false;
        this.#giveBack(account.id);
      },
    };
  }

  hasOther(excluded: ReadonlySet<string>): boolean {
    return this.#pool.usable(this.#now()).some((account) => !excluded.has(account.id));
  }

  inflight(accountId: string): number {
    return this.#inflight.get(accountId) ?? 0;
  }

  #giveBack(accountId: string): void {
    const left = this.inflight(accountId) - 1;
    if (left > 0) this.#inflight.set(accountId, left);
    else this.#inflight.delete(accountId);
  }
}
