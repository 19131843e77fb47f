/** What a client hears when no account can serve: empty pool, exhausted pool, or nobody left who is signed in. */
import { TightropeError } from '../../platform/errors';
import type { AccountPool } from '../ports';
import type { RefusalReason } from '../routing/selection';
import type { Refusal } from '../routing/selector';

/** Reasons that speak of a part of the pool: when the others return does not matter then. */
const PART_IS_OUT: Readonly<Partial<Record<RefusalReason, string>>> = {
  lock_pool_out: 'No account of the lock pool can serve.',
  key_accounts_out: 'No account that this API key may use can serve.',
};

/**
 * Design §3: an exhausted pool is 429 `usage_limit_reached` (type and code: the Codex client tests the type) with the
 * nearest reset, an empty pool 503 `no_accounts`.
 *
 * @param refusal what the selector said, if it was asked last
 */
export function noAccountError(
  pool: Pick<AccountPool, 'size' | 'nearestReturnMs'>,
  nowMs: number,
  refusal: Pick<Refusal, 'reason' | 'returnsAtMs'> | null,
): TightropeError {
  if (refusal?.reason === 'all_busy') {
    return new TightropeError('proxy_overloaded', {
      message: 'Every account has as many turns in flight as it may have.',
      headers: { 'retry-after': '1' },
    });
  }
  if (pool.size() === 0) {
    return new TightropeError('no_accounts', {
      message: 'The pool is empty. Import an account (tightrope accounts import FILE) or reactivate a paused one.',
    });
  }
  const partIsOut = refusal === null ? undefined : PART_IS_OUT[refusal.reason];
  const returnsAtMs = refusal?.returnsAtMs ?? (partIsOut === undefined ? pool.nearestReturnMs(nowMs) : null);
  if (returnsAtMs === null && refusal?.reason === 'all_limited') return new TightropeError('usage_limit_reached');
  if (returnsAtMs === null) {
    const message = partIsOut ?? 'No account in the pool is signed in. Sign in again or import a fresh login.';
    return new TightropeError('no_accounts', { message });
  }
  return usageLimitError(returnsAtMs, nowMs);
}

/** 429 with the time until somebody can serve again; both UTC ms. */
export function usageLimitError(returnsAtMs: number, nowMs: number): TightropeError {
  const seconds = Math.max(1, Math.ceil((returnsAtMs - nowMs) / 1000));
  return new TightropeError('usage_limit_reached', {
    details: { resets_at: Math.ceil(returnsAtMs / 1000), resets_in_seconds: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}
