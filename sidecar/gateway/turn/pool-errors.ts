/** What a client hears when no account can serve: empty pool, exhausted pool, or nobody left who is signed in. */
import { TightropeError } from '../../platform/errors';
import type { AccountPool } from '../ports';

/**
 * Design §3: an exhausted pool is 429 `usage_limit_reached` (type and code: the Codex client tests the type) with the
 * nearest reset, an empty pool 503 `no_accounts`.
 */
export function noAccountError(pool: Pick<AccountPool, 'size' | 'nearestReturnMs'>, nowMs: number): TightropeError {
  if (pool.size() === 0) {
    return new TightropeError('no_accounts', {
      message: 'The pool is empty. Import an account (tightrope accounts import FILE) or reactivate a paused one.',
    });
  }
  const returnsAtMs = pool.nearestReturnMs(nowMs);
  if (returnsAtMs === null) {
    return new TightropeError('no_accounts', {
      message: 'No account in the pool is signed in. Sign in again or import a fresh login.',
    });
  }
  const seconds = Math.max(1, Math.ceil((returnsAtMs - nowMs) / 1000));
  return new TightropeError('usage_limit_reached', {
    details: { resets_at: Math.ceil(returnsAtMs / 1000), resets_in_seconds: seconds },
    headers: { 'retry-after': String(seconds) },
  });
}
