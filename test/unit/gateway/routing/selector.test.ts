import fc from 'fast-check';
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';
import { NO_OUTCOME } from '../../../../sidecar/gateway/routing/pool-signals';
import { account, accounts, leased, selectorOver } from './selector-fixture';

const ask = (...excluded: string[]) => ({ model: 'gpt-5.5', excluded: new Set(excluded), binding: FREE });

test('accounts take turns in pool order', () => {
  const { selector } = selectorOver(accounts('a', 'b', 'c'));
  const served = [1, 2, 3, 4].map(() => leased(selector.lease(ask())).account.id);
  expect(served).toEqual(['a', 'b', 'c', 'a']);
});

test('excluded accounts are passed over, and none left is a refusal that says so', () => {
  const { selector } = selectorOver(accounts('a', 'b', 'c'));
  expect(leased(selector.lease(ask('a', 'b'))).account.id).toBe('c');
  expect(selector.lease(ask('a', 'b', 'c'))).toMatchObject({ kind: 'refused', reason: 'all_tried', returnsAtMs: null });
  expect(selector.canServe(ask('a', 'b'))).toBe(true);
  expect(selector.canServe(ask('a', 'b', 'c'))).toBe(false);
});

test('in-flight counts follow leases, and releasing twice counts once', () => {
  const { selector } = selectorOver(accounts('a', 'b', 'c'));
  const first = leased(selector.lease(ask('b', 'c')));
  const second = leased(selector.lease(ask('b', 'c')));
  expect(selector.inflight('a')).toBe(2);
  first.release(NO_OUTCOME);
  first.release(NO_OUTCOME);
  expect(selector.inflight('a')).toBe(1);
  second.release(NO_OUTCOME);
  expect(selector.inflight('a')).toBe(0);
});

test('a lease outlives its account: the count ends at zero and nobody else is charged', () => {
  const fixture = selectorOver(accounts('a'));
  const lease = leased(fixture.selector.lease(ask()));
  fixture.setPool(accounts('b'));
  expect(leased(fixture.selector.lease(ask())).account.id).toBe('b');
  expect(fixture.selector.inflight('a')).toBe(1);
  lease.release({ ok: false, blame: 'upstream', firstEventMs: null });
  expect(fixture.selector.inflight('a')).toBe(0);
  expect(fixture.selector.inflight('b')).toBe(1);
});

test('property: however leases are taken and given back, the counts end at zero and the load stays even', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 200 }), (size, turns) => {
      const pool = Array.from({ length: size }, (_, index) => account(String(index).padStart(2, '0')));
      const { selector } = selectorOver(pool);
      const leases = Array.from({ length: turns }, () => leased(selector.lease(ask())));
      const counts = pool.map((one) => selector.inflight(one.id));
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      for (const lease of leases) lease.release(NO_OUTCOME);
      expect(pool.every((one) => selector.inflight(one.id) === 0)).toBe(true);
    }),
  );
});
