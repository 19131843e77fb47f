/** A pool of accounts whose every change the test decides: limits, lost logins, accounts that are removed and come back. */
import type { AccountPool, AccountVerdict, PoolAccount, SidelinedAccount } from '../../../../../sidecar/gateway/ports';
import { TightropeError } from '../../../../../sidecar/platform/errors';
import type { Chance } from './chance';

interface Member {
  readonly account: PoolAccount;
  /** Back at this time, UTC ms; `null` = not by itself; 0 = in rotation. */
  outUntilMs: number | null;
  tokens: number;
}

/** Share of refreshes that fail. */
const REFRESH_FAILS = 0.3;

export class ModelPool implements AccountPool {
  readonly #members = new Map<string, Member>();
  #usable: readonly PoolAccount[] = [];

  constructor(
    readonly ids: readonly string[],
    private readonly chance: Chance,
  ) {
    for (const id of ids) this.join(id);
  }

  /** A new account, or one that is back with a new login. */
  join(id: string): void {
    const account = { id, chatgptAccountId: `workspace-${id}`, planType: 'plus', loginEpoch: 0 };
    this.#members.set(id, { account, outUntilMs: 0, tokens: 1 });
  }

  remove(id: string): void {
    this.#members.delete(id);
  }

  usable(nowMs: number): readonly PoolAccount[] {
    const now = [...this.#members.values()].filter((one) => isIn(one, nowMs)).map(({ account }) => account);
    const isSame = now.length === this.#usable.length && now.every((one, at) => one === this.#usable[at]);
    if (!isSame) this.#usable = now;
    return this.#usable;
  }

  sidelined(nowMs: number): readonly SidelinedAccount[] {
    return [...this.#members.values()]
      .filter((one) => !isIn(one, nowMs))
      .map(({ account, outUntilMs }) => ({ id: account.id, status: 'rate_limited', untilMs: outUntilMs }));
  }

  members(): readonly PoolAccount[] {
    return [...this.#members.values()].map(({ account }) => account);
  }

  size(): number {
    return this.#members.size;
  }

  nearestReturnMs(nowMs: number): number | null {
    const times = this.sidelined(nowMs).flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs]));
    return times.length === 0 ? null : Math.min(...times);
  }

  accessToken(id: string): Promise<string> {
    const member = this.#members.get(id);
    if (member === undefined) return Promise.reject(new TightropeError('token_refresh_failed'));
    return Promise.resolve(`${id}.${String(member.tokens)}`);
  }

  replaceToken(id: string, rejected: string): Promise<string> {
    const member = this.#members.get(id);
    if (member === undefined || this.chance.happens(REFRESH_FAILS)) {
      return Promise.reject(new TightropeError('token_refresh_failed'));
    }
    if (rejected === `${id}.${String(member.tokens)}`) member.tokens += 1;
    return this.accessToken(id);
  }

  report(id: string, { untilMs }: AccountVerdict): void {
    const member = this.#members.get(id);
    if (member !== undefined) member.outUntilMs = untilMs;
  }
}

function isIn({ outUntilMs }: Member, nowMs: number): boolean {
  return outUntilMs !== null && outUntilMs <= nowMs;
}
