/** What a client hears when no account can serve (design §3). */
import { noAccountError } from '../../../../sidecar/gateway/turn/pool-errors';

const NOW = 1_790_000_000_000;
const pool = (size: number, nearest: number | null = null) => ({ size: () => size, nearestReturnMs: () => nearest });
const refusal = (facts: NonNullable<Parameters<typeof noAccountError>[2]>) => facts;

test('an empty pool', () => {
  expect(noAccountError(pool(0), NOW, null)).toMatchObject({ status: 503, code: 'no_accounts' });
});

test('a pool of which nobody comes back by itself', () => {
  expect(noAccountError(pool(2), NOW, null)).toMatchObject({ status: 503, code: 'no_accounts' });
});

test('an exhausted pool with the nearest return, as the selector knows it or else the pool', () => {
  const limited = refusal({ reason: 'all_limited', returnsAtMs: NOW + 1500 });
  expect(noAccountError(pool(2, NOW + 60_000), NOW, limited)).toMatchObject({
    status: 429,
    code: 'usage_limit_reached',
    type: 'usage_limit_reached',
    details: { resets_at: Math.ceil((NOW + 1500) / 1000), resets_in_seconds: 2 },
    headers: { 'retry-after': '2' },
  });
  const out = refusal({ reason: 'none_usable', returnsAtMs: null });
  expect(noAccountError(pool(2, NOW + 60_000), NOW, out)).toMatchObject({ details: { resets_in_seconds: 60 } });
});

test('an exhausted pool of which nobody knows when it comes back', () => {
  const error = noAccountError(pool(2), NOW, refusal({ reason: 'all_limited', returnsAtMs: null }));
  expect(error).toMatchObject({ status: 429, code: 'usage_limit_reached', details: undefined });
});

test('a pool in which everybody is busy is worth another try at once', () => {
  const busy = refusal({ reason: 'all_busy', returnsAtMs: null });
  expect(noAccountError(pool(2, NOW + 60_000), NOW, busy)).toMatchObject({
    status: 503,
    code: 'proxy_overloaded',
    headers: { 'retry-after': '1' },
  });
});

test('a lock pool without anybody to serve, whoever else might come back', () => {
  const locked = refusal({ reason: 'lock_pool_out', returnsAtMs: null });
  const error = noAccountError(pool(2, NOW + 60_000), NOW, locked);
  expect(error).toMatchObject({ status: 503, code: 'no_accounts', message: 'No account of the lock pool can serve.' });
});
