/** A selector over accounts, settings, quota and policies that the test can change while it runs. */
import type { PoolAccount, SidelinedAccount } from '../../../../sidecar/gateway/ports';
import type {
  AccountPolicy,
  QuotaUse,
  QuotaVerdict,
  RoutingRules,
} from '../../../../sidecar/gateway/routing/routing-ports';
import { createSelector, type Lease, type Refusal, type Selector } from '../../../../sidecar/gateway/routing/selector';

export const NOW = Date.UTC(2026, 2, 1, 12);

export const account = (id: string, more: Partial<PoolAccount> = {}): PoolAccount => ({
  id,
  chatgptAccountId: null,
  planType: null,
  loginEpoch: 0,
  ...more,
});
export const accounts = (...ids: string[]): PoolAccount[] => ids.map((id) => account(id));

export const RULES: RoutingRules = {
  strategy: 'weighted_round_robin',
  preferEarlierReset: false,
  headroomWeights: { short: 0.35, long: 0.65 },
  rho: 2,
  lockPool: new Set(),
  strictContinuations: false,
  prices: new Map(),
};

export interface SelectorFixture {
  readonly selector: Selector;
  nowMs: number;
  setPool(usable: readonly PoolAccount[], sidelined?: readonly SidelinedAccount[]): void;
  setRules(changes: Partial<RoutingRules>): void;
  setPolicy(id: string, changes: Partial<AccountPolicy>): void;
  setQuota(id: string, verdict: QuotaVerdict, use?: Partial<QuotaUse>): void;
}

/** @param random 0 … 1; default 0.5, which makes jitter nothing */
export function selectorOver(usable: readonly PoolAccount[], random: () => number = () => 0.5): SelectorFixture {
  let pool = usable;
  let sidelined: readonly SidelinedAccount[] = [];
  let rules = RULES;
  let revision = 0;
  const policies = new Map<string, AccountPolicy>();
  const verdicts = new Map<string, QuotaVerdict>();
  const uses = new Map<string, QuotaUse>();
  const neutral: AccountPolicy = { pinned: false, preference: 'normal', maxUsedPercent: null, maxConcurrent: null };
  const unused: QuotaUse = { shortPercent: null, longPercent: null, resetAtMs: null };
  const fixture: SelectorFixture = {
    selector: createSelector({
      pool: { usable: () => pool, sidelined: () => sidelined },
      rules: () => rules,
      now: () => fixture.nowMs,
      random,
      quota: {
        quotaOf: (id) => ({
          verdictAt: () => verdicts.get(id) ?? { kind: 'unknown' },
          useAt: () => uses.get(id) ?? unused,
        }),
      },
      policies: { revision: () => revision, policyOf: (id) => policies.get(id) ?? neutral },
    }),
    nowMs: NOW,
    setPool: (next, out = []) => {
      pool = next;
      sidelined = out;
    },
    setRules: (changes) => {
      rules = { ...rules, ...changes };
    },
    setPolicy: (id, changes) => {
      policies.set(id, { ...neutral, ...changes });
      revision += 1;
    },
    setQuota: (id, verdict, use = {}) => {
      verdicts.set(id, verdict);
      uses.set(id, { ...unused, ...use });
    },
  };
  return fixture;
}

/** The lease; a refusal fails the test. */
export function leased(outcome: Lease | Refusal): Lease {
  if (outcome.kind === 'refused') throw new Error(`refused: ${outcome.reason}`);
  return outcome;
}
