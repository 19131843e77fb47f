/** Who may serve a request, and who is kept for later. Pure: figures of one account in, a word out. */
import type { AccountPolicy, QuotaUse, QuotaVerdict } from './routing-ports';

/** Why an account may not serve. */
export type Exclusion = 'tried' | 'outside_key_scope' | 'outside_lock_pool' | 'busy' | 'limited' | 'above_ceiling';

/** Why an account is only asked when those before it cannot serve. */
export type Reserve = 'after_burn_first' | 'preserved' | 'cooling' | 'model_refused';

/** What is known of an account when a request comes. */
export interface Standing {
  readonly id: string;
  readonly inflight: number;
  readonly policy: AccountPolicy;
  readonly verdict: QuotaVerdict;
  readonly use: QuotaUse;
  readonly inLockPool: boolean;
  /** UTC ms, or a time that has passed. */
  readonly coolingUntilMs: number;
}

/** What the request asks for. */
export interface Ask {
  /** Accounts that failed in this turn. */
  readonly excluded: ReadonlySet<string>;
  /** The accounts that the caller's API key is bound to; `null` = any. */
  readonly allowed: ReadonlySet<string> | null;
  readonly lockPoolActive: boolean;
  /** The request can be served by this account alone: a reserve that a person wants kept does not cut it off. */
  readonly isBound: boolean;
}

/** Why this account may not serve; `null` = it may. */
export function exclusionOf(account: Standing, ask: Ask): Exclusion | null {
  const { policy } = account;
  if (ask.excluded.size > 0 && ask.excluded.has(account.id)) return 'tried';
  if (ask.allowed !== null && !ask.allowed.has(account.id)) return 'outside_key_scope';
  if (ask.lockPoolActive && !account.inLockPool) return 'outside_lock_pool';
  if (policy.maxConcurrent !== null && account.inflight >= policy.maxConcurrent) return 'busy';
  if (account.verdict.kind === 'limited') return 'limited';
  if (policy.maxUsedPercent !== null && !ask.isBound && isAbove(account.use, policy.maxUsedPercent)) {
    return 'above_ceiling';
  }
  return null;
}

function isAbove({ shortPercent, longPercent }: QuotaUse, ceiling: number): boolean {
  return (shortPercent ?? 0) >= ceiling || (longPercent ?? 0) >= ceiling;
}

/** Ranks of those that may serve: only the lowest rank that occurs is given to the strategy. `none` = may not serve. */
export const RANKS = { burn_first: 0, normal: 1, preserve: 2, cooling: 3, model_refused: 4, none: 5 } as const;
export type Rank = (typeof RANKS)[keyof typeof RANKS];

/**
 * The rank of an account that may serve. Resting accounts and those that refused the model come last instead of not at all: a
 * pool in which nobody else is left still answers.
 */
export function rankOf({ policy, coolingUntilMs }: Standing, refusedUntilMs: number, nowMs: number): Rank {
  if (refusedUntilMs > nowMs) return RANKS.model_refused;
  return coolingUntilMs > nowMs ? RANKS.cooling : RANKS[policy.preference];
}

/** Whether an account of this rank serves a request that belongs to it but could go elsewhere. */
export function isHealthy(rank: Rank): boolean {
  return rank < RANKS.cooling;
}

/** Why an account of a higher rank than the lowest one is not asked. */
export function reserveOf(rank: Rank): Reserve {
  if (rank === RANKS.model_refused) return 'model_refused';
  if (rank === RANKS.cooling) return 'cooling';
  return rank === RANKS.preserve ? 'preserved' : 'after_burn_first';
}
