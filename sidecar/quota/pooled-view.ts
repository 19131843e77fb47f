/** The pool's limits, put together at most once a second however many answers carry them. */
import { poolQuota, type PooledQuota, type PoolMember } from './pool-quota';
import { headersOf } from './pooled-answers';
import type { QuotaBook } from './quota-book';
import type { QuotaAccount, QuotaAccounts } from './quota-ports';

const FRESH_MS = 1000;

interface Computed {
  readonly atMs: number;
  readonly quota: PooledQuota;
  readonly headers: readonly string[];
}

export class PooledView {
  readonly #book: QuotaBook;
  readonly #accounts: Pick<QuotaAccounts, 'usable' | 'members'>;
  #computed: Computed | null = null;

  constructor(book: QuotaBook, accounts: Pick<QuotaAccounts, 'usable' | 'members'>) {
    this.#book = book;
    this.#accounts = accounts;
  }

  headers(nowMs: number): readonly string[] {
    return this.#current(nowMs).headers;
  }

  /** Something happened that the next answer has to tell. */
  outdated(): void {
    this.#computed = null;
  }

  /** As it is now: who asks for it asks seldom. */
  quota(nowMs: number): PooledQuota {
    this.outdated();
    return this.#current(nowMs).quota;
  }

  #current(nowMs: number): Computed {
    const held = this.#computed;
    if (held !== null && nowMs - held.atMs < FRESH_MS && nowMs >= held.atMs) return held;
    const rotation = this.#accounts.usable(nowMs);
    const inRotation = new Set(rotation.map(({ id }) => id));
    const others = this.#accounts.members().filter(({ id }) => !inRotation.has(id));
    const toMember = (account: QuotaAccount): PoolMember => this.#member(account);
    const quota = poolQuota(rotation.map(toMember), others.map(toMember), nowMs);
    this.#computed = { atMs: nowMs, quota, headers: Object.freeze(headersOf(quota)) };
    return this.#computed;
  }

  #member({ id, planType }: QuotaAccount): PoolMember {
    return { planType, snapshot: this.#book.snapshot(id), judgement: this.#book.judgement(id) };
  }
}
