/** The accounts in rotation as candidates. Rebuilt when the pool, a policy or the settings change, not per request. */
import type { AccountPool, PoolAccount } from '../ports';
import type { AccountSignals } from './account-signals';
import { PoolCandidate, type Moment } from './pool-candidate';
import type { PoolSignals } from './pool-signals';
import type { AccountPolicies, AccountPolicy, QuotaSource, RoutingRules } from './routing-ports';

/** What an account is treated as that nobody has set anything for. */
const NEUTRAL: AccountPolicy = Object.freeze({
  pinned: false,
  preference: 'normal',
  maxUsedPercent: null,
  maxConcurrent: null,
});

/** Nobody has set anything for any account. */
export const NO_POLICIES: AccountPolicies = { revision: () => 0, policyOf: () => NEUTRAL };

export class PoolView {
  candidates: readonly PoolCandidate[] = [];
  /** Their signals, in the same order. */
  signals: readonly AccountSignals[] = [];
  /** The account to which everything goes, if it is in rotation and no lock pool is active. */
  pinned: PoolCandidate | null = null;
  #byId: ReadonlyMap<string, PoolCandidate> = new Map();
  #usable: readonly PoolAccount[] | null = null;
  #rules: RoutingRules | null = null;
  #revision = NaN;

  constructor(
    private readonly pool: Pick<AccountPool, 'usable'>,
    private readonly policies: AccountPolicies,
    private readonly quota: QuotaSource,
    private readonly known: PoolSignals,
    private readonly moment: Moment,
  ) {}

  get(accountId: string): PoolCandidate | undefined {
    return this.#byId.get(accountId);
  }

  /** Brings the view up to date. Returns the slots of accounts that were forgotten. */
  update(nowMs: number, rules: RoutingRules): readonly number[] {
    const usable = this.pool.usable(nowMs);
    const revision = this.policies.revision();
    if (usable === this.#usable && rules === this.#rules && revision === this.#revision) return [];
    this.#usable = usable;
    this.#rules = rules;
    this.#revision = revision;
    const { lockPool } = rules;
    this.candidates = usable.map(
      (account, place) =>
        new PoolCandidate({
          account,
          signals: this.known.of(account.id),
          policy: this.policies.policyOf(account.id),
          quota: this.quota.quotaOf(account.id),
          inLockPool: lockPool.has(account.id) || lockPool.has(account.chatgptAccountId ?? account.id),
          place,
          moment: this.moment,
        }),
    );
    this.signals = this.candidates.map(({ signals }) => signals);
    this.pinned = lockPool.size > 0 ? null : (this.candidates.find(({ policy }) => policy.pinned) ?? null);
    this.#byId = new Map(this.candidates.map((candidate) => [candidate.id, candidate]));
    return this.known.sweep(new Set(this.#byId.keys()));
  }
}
