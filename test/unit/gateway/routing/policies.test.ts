/** What people set for an account: ceilings and order of use (issue 4, point 3). */
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';
import { NO_OUTCOME } from '../../../../sidecar/gateway/routing/pool-signals';
import { accounts, leased, NOW, selectorOver, type SelectorFixture } from './selector-fixture';

let fixture: SelectorFixture;

beforeEach(() => {
  fixture = selectorOver(accounts('a', 'b', 'c'));
});

const ask = (...excluded: string[]) => ({ model: 'gpt-5.5', excluded: new Set(excluded), binding: FREE });
const lease = (...excluded: string[]) => fixture.selector.lease(ask(...excluded));
const served = (turns = 6): string[] => {
  const leases = Array.from({ length: turns }, () => leased(lease()));
  for (const one of leases) one.release(NO_OUTCOME);
  return [...new Set(leases.map((one) => one.account.id))].sort();
};

test('what is to be burnt first is used before the others, what is preserved after them', () => {
  fixture.setPolicy('b', { preference: 'burn_first' });
  fixture.setPolicy('c', { preference: 'preserve' });
  expect(served()).toEqual(['b']);
  expect(leased(lease('b')).account.id).toBe('a');
  expect(leased(lease('a', 'b')).account.id).toBe('c');
});

test('a resting account comes after one that is preserved', () => {
  fixture.setPolicy('c', { preference: 'preserve' });
  leased(lease('b', 'c')).release({ ok: false, blame: 'upstream', firstEventMs: null });
  expect(leased(lease('b')).account.id).toBe('c');
});

test('no more turns in flight than allowed; with everybody full nobody serves', () => {
  for (const id of ['a', 'b', 'c']) fixture.setPolicy(id, { maxConcurrent: 1 });
  const first = leased(lease());
  leased(lease());
  leased(lease());
  expect(lease()).toMatchObject({ kind: 'refused', reason: 'all_busy' });
  first.release(NO_OUTCOME);
  expect(leased(lease()).account.id).toBe(first.account.id);
});

test.each([
  ['short', { shortPercent: 80, longPercent: 10 }],
  ['long', { shortPercent: 10, longPercent: 80 }],
])('an account at its ceiling in the %s window takes no new work', (_window, use) => {
  fixture.setPolicy('a', { maxUsedPercent: 80 });
  fixture.setQuota('a', { kind: 'usable' }, use);
  expect(served()).toEqual(['b', 'c']);
  fixture.setPolicy('a', { maxUsedPercent: 81 });
  expect(served()).toContain('a');
});

test('with everybody at the ceiling the refusal names the nearest reset', () => {
  for (const [index, id] of ['a', 'b', 'c'].entries()) {
    fixture.setPolicy(id, { maxUsedPercent: 50 });
    fixture.setQuota(id, { kind: 'usable' }, { shortPercent: 60, resetAtMs: NOW + 1000 * (3 - index) });
  }
  expect(lease()).toMatchObject({ kind: 'refused', reason: 'all_limited', returnsAtMs: NOW + 1000 });
});

test('figures of quota that are not known keep nobody out', () => {
  fixture.setPolicy('a', { maxUsedPercent: 1 });
  expect(served()).toEqual(['a', 'b', 'c']);
});

test('used shares are asked for again after a second, limits every time', () => {
  fixture.setPolicy('a', { maxUsedPercent: 80 });
  expect(served()).toContain('a');
  fixture.setQuota('a', { kind: 'usable' }, { shortPercent: 90 });
  fixture.nowMs += 1000;
  expect(served()).not.toContain('a');
  fixture.setQuota('b', { kind: 'limited', untilMs: NOW + 60_000, reason: 'used up' });
  expect(served()).toEqual(['c']);
});
