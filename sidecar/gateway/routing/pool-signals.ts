/** The signals of every account, and what an ended attempt tells about them. */
import type { Blame } from '../../contract/turn-record';
import { AccountSignals } from './account-signals';
import { endRest, restAfterFailure } from './cooldowns';
import { FirstEventTimes } from './first-event-times';

/** How an attempt ended, for the signals. */
export interface LeaseOutcome {
  /** From sending the request to the first event of its answer, ms; `null` = none came. */
  readonly firstEventMs: number | null;
  /** Who is to blame for the failure; `null` = nobody, or it did not fail. */
  readonly blame: Blame | null;
  /** The client got a complete answer. */
  readonly ok: boolean;
}

/** An attempt of which nothing is known: it was cancelled before it could end. */
export const NO_OUTCOME: LeaseOutcome = Object.freeze({ firstEventMs: null, blame: null, ok: false });

/** Accounts that are not in rotation are remembered until there are this many of them. */
const MOST_ABSENT = 256;

export class PoolSignals {
  /** By model and slot. */
  readonly times = new FirstEventTimes();
  readonly #accounts = new Map<string, AccountSignals>();
  readonly #freeSlots: number[] = [];
  #nextSlot = 0;

  /** @param random 0 … 1, 1 excluded */
  constructor(private readonly random: () => number) {}

  get(accountId: string): AccountSignals | undefined {
    return this.#accounts.get(accountId);
  }

  /** The signals of an account, new ones when it has none. */
  of(accountId: string): AccountSignals {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const slot = this.#freeSlots.pop() ?? this.#nextSlot++;
    const signals = new AccountSignals(accountId, slot);
    this.#accounts.set(accountId, signals);
    return signals;
  }

  /**
   * Takes in how an attempt ended. Errors of the payload, of the client and of this process say nothing about an account.
   * @param pool everybody in rotation
   */
  learn(
    account: AccountSignals,
    model: string | null,
    outcome: LeaseOutcome,
    pool: readonly AccountSignals[],
    nowMs: number,
  ): void {
    const { firstEventMs, blame, ok } = outcome;
    // How fast an account refuses says nothing about how fast it answers.
    const isTimed = firstEventMs !== null && blame === null;
    if (isTimed && model !== null) this.times.add(model, account.slot, firstEventMs, nowMs);
    if (ok) {
      account.succeeded(model, nowMs);
      endRest(account);
    } else if (blame === 'account') {
      account.failed('account', nowMs);
    } else if (blame === 'model' && model !== null) {
      account.refused(model, nowMs);
    } else if (blame === 'upstream' || blame === 'network') {
      account.failed(blame, nowMs);
      restAfterFailure(account, blame, pool, nowMs, this.random);
    }
  }

  /**
   * Forgets accounts that are out of rotation and hold no lease, once there are many.
   * @returns the slots that became free
   */
  sweep(present: ReadonlySet<string>): number[] {
    if (this.#accounts.size - present.size <= MOST_ABSENT) return [];
    const freed: number[] = [];
    for (const [id, { slot, inflight }] of this.#accounts) {
      if (inflight > 0 || present.has(id)) continue;
      this.#accounts.delete(id);
      this.times.forget(slot);
      freed.push(slot);
    }
    this.#freeSlots.push(...freed);
    return freed;
  }
}
