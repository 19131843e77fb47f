import fc from 'fast-check';
import type { PoolAccount } from '../../../../sidecar/gateway/ports';
import { roundRobin } from '../../../../sidecar/gateway/routing/round-robin';
import { createSelector } from '../../../../sidecar/gateway/routing/selector';

const account = (id: string): PoolAccount => ({ id, chatgptAccountId: null, planType: null, loginEpoch: 0 });
const accounts = ['a', 'b', 'c'].map(account);
const selectorOver = (usable: readonly PoolAccount[]) => createSelector({ usable: () => usable }, () => 0);

test('accounts take turns in pool order', () => {
  const selector = selectorOver(accounts);
  const served = [1, 2, 3, 4].map(() => selector.lease(new Set())?.account.id);
  expect(served).toEqual(['a', 'b', 'c', 'a']);
});

test('the turn goes on after an account that has left the pool', () => {
  expect(roundRobin([account('a'), account('c')], 'b')?.id).toBe('c');
  expect(roundRobin([account('a'), account('b')], 'c')?.id).toBe('a');
});

test('excluded accounts are passed over, and none left is null', () => {
  const selector = selectorOver(accounts);
  expect(selector.lease(new Set(['a', 'b']))?.account.id).toBe('c');
  expect(selector.lease(new Set(['a', 'b', 'c']))).toBeNull();
  expect(selector.hasOther(new Set(['a', 'b']))).toBe(true);
  expect(selector.hasOther(new Set(['a', 'b', 'c']))).toBe(false);
});

test('in-flight counts follow leases, and releasing twice counts once', () => {
  const selector = selectorOver(accounts);
  const first = selector.lease(new Set());
  const second = selector.lease(new Set(['b', 'c']));
  expect(selector.inflight('a')).toBe(2);
  first?.release();
  first?.release();
  expect(selector.inflight('a')).toBe(1);
  second?.release();
  expect(selector.inflight('a')).toBe(0);
});

test('property: however leases are taken and given back, the counts end at zero and the load stays even', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }), (size, turns) => {
      const pool = Array.from({ length: size }, (_, index) => account(String(index).padStart(2, '0')));
      const selector = selectorOver(pool);
      const leases = Array.from({ length: turns }, () => selector.lease(new Set()));
      const counts = pool.map((one) => selector.inflight(one.id));
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      for (const lease of leases) lease?.release();
      expect(pool.every((one) => selector.inflight(one.id) === 0)).toBe(true);
    }),
  );
});
