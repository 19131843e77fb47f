/** What routing asks of the rest: quota figures, what people have set per account, and the settings. All of it in memory. */
import type { BindingGrade, RoutingStrategy } from '../../contract/routing';

/** Whether an account's limits let it serve. `untilMs` = UTC ms at which that changes. */
export type QuotaVerdict =
  | { readonly kind: 'usable' | 'unknown' }
  | { readonly kind: 'limited'; readonly untilMs: number; readonly reason: string };

/** How much of an account's windows is used, percent 0 … 100; `null` = not known. */
export interface QuotaUse {
  readonly shortPercent: number | null;
  readonly longPercent: number | null;
  /** The nearest reset of any window, UTC ms. */
  readonly resetAtMs: number | null;
}

/** One account's limits. Asked in every selection: answers held values and allocates nothing. */
export interface AccountQuota {
  /** `model` = `null` for any model without a limit of its own. */
  verdictAt(model: string | null, nowMs: number): QuotaVerdict;
  useAt(nowMs: number): QuotaUse;
}

export interface QuotaSource {
  /** Asked once per account and change of the pool; what it gives must stay true from then on. */
  quotaOf(accountId: string): AccountQuota;
}

/** Nothing is known of anybody's limits. */
const UNKNOWN_VERDICT: QuotaVerdict = Object.freeze({ kind: 'unknown' });
const UNKNOWN_USE: QuotaUse = Object.freeze({ shortPercent: null, longPercent: null, resetAtMs: null });
const UNKNOWN_QUOTA: AccountQuota = { verdictAt: () => UNKNOWN_VERDICT, useAt: () => UNKNOWN_USE };
export const NO_QUOTA: QuotaSource = { quotaOf: () => UNKNOWN_QUOTA };

/** What a person has set for one account. */
export interface AccountPolicy {
  /** Everything goes to this account while it can serve. */
  readonly pinned: boolean;
  /** Used before all others, like all others, or only when no other can serve. */
  readonly preference: 'burn_first' | 'normal' | 'preserve';
  /** Used share of any window from which on it takes no new work, percent; `null` = no ceiling. */
  readonly maxUsedPercent: number | null;
  /** Turns in flight at most; `null` = no bound. */
  readonly maxConcurrent: number | null;
}

export interface AccountPolicies {
  /** Another number after every change; policies are read again only then. */
  revision(): number;
  policyOf(accountId: string): AccountPolicy;
}

/** USD per million tokens. */
export interface TokenPrice {
  readonly input: number;
  readonly output: number;
}

/** The routing settings, read. Replaced whole by every change, so that identity tells whether there was one. */
export interface RoutingRules {
  readonly strategy: RoutingStrategy;
  readonly preferEarlierReset: boolean;
  /** Share of the short and of the long window in an account's headroom, 0 … 1 each. */
  readonly headroomWeights: { readonly short: number; readonly long: number };
  /** Exponent of the success rate. */
  readonly rho: number;
  /** Ids (ours or ChatGPT's) of those who alone may serve; empty = everybody may. */
  readonly lockPool: ReadonlySet<string>;
  /** What must stay on its account fails rather than moves. */
  readonly strictContinuations: boolean;
  /** Prices by `plan@model`, lower case; the model may be `*`. */
  readonly prices: ReadonlyMap<string, TokenPrice>;
}

/** What ties a request to an account. */
export interface Binding {
  readonly grade: BindingGrade;
  /** `null` when free. */
  readonly accountId: string | null;
  /** `session`, `prompt_cache`, `ciphertext` …; `null` when free. */
  readonly boundBy: string | null;
}

/** Nothing binds the request. */
export const FREE: Binding = Object.freeze({ grade: 'free', accountId: null, boundBy: null });
