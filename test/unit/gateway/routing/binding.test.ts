/** What binds decides before the strategy does (design §3 "Bind", "Select"; spec/proxy.md 6.3). */
import type { Binding } from '../../../../sidecar/gateway/routing/routing-ports';
import type { LeaseRequest } from '../../../../sidecar/gateway/routing/selector';
import { NO_OUTCOME } from '../../../../sidecar/gateway/routing/pool-signals';
import { account, accounts, leased, NOW, selectorOver, type SelectorFixture } from './selector-fixture';

let fixture: SelectorFixture;

beforeEach(() => {
  fixture = selectorOver(accounts('a', 'b', 'c'));
});

const must = (accountId: string): Binding => ({ grade: 'must', accountId, boundBy: 'ciphertext' });
const should = (accountId: string): Binding => ({ grade: 'should', accountId, boundBy: 'session' });
const free: Binding = { grade: 'free', accountId: null, boundBy: null };
const ask = (binding: Binding, excluded: string[] = []): LeaseRequest => ({
  model: 'gpt-5.5',
  excluded: new Set(excluded),
  binding,
});
/** Who serves, three times in a row. */
const served = (binding: Binding, excluded: string[] = []): string[] =>
  [1, 2, 3].map(() => leased(fixture.selector.lease(ask(binding, excluded))).account.id);
const limited = (untilMs: number) => ({ kind: 'limited', untilMs, reason: 'used up' }) as const;
/** Makes an account rest. */
const failOn = (id: string): void => {
  const others = ['a', 'b', 'c'].filter((one) => one !== id);
  const lease = leased(fixture.selector.lease(ask(free, others)));
  lease.release({ ok: false, blame: 'upstream', firstEventMs: null });
};

describe('must', () => {
  test('only that account serves', () => {
    expect(served(must('b'))).toEqual(['b', 'b', 'b']);
  });

  test('nobody else does when it is limited: the refusal says when it comes back', () => {
    fixture.setQuota('b', limited(NOW + 60_000));
    fixture.setQuota('c', limited(NOW + 5));
    const refusal = fixture.selector.lease(ask(must('b')));
    expect(refusal).toMatchObject({ kind: 'refused', reason: 'owner_unavailable', returnsAtMs: NOW + 60_000 });
    expect(fixture.selector.canServe(ask(must('b')))).toBe(false);
  });

  test('nor when it is out of rotation, with the time of the pool', () => {
    fixture.setPool(accounts('a'), [{ id: 'b', status: 'rate_limited', untilMs: NOW + 7000 }]);
    expect(fixture.selector.lease(ask(must('b')))).toMatchObject({
      reason: 'owner_unavailable',
      returnsAtMs: NOW + 7000,
    });
    expect(fixture.selector.lease(ask(must('gone')))).toMatchObject({ reason: 'owner_unavailable', returnsAtMs: null });
  });

  test('nor when it has failed in this turn', () => {
    expect(fixture.selector.lease(ask(must('b'), ['b']))).toMatchObject({ reason: 'owner_unavailable' });
  });

  test('a rest, a reserve and another account’s pin do not keep it away', () => {
    failOn('b');
    fixture.setPolicy('b', { preference: 'preserve', maxUsedPercent: 10 });
    fixture.setPolicy('a', { pinned: true });
    fixture.setQuota('b', { kind: 'usable' }, { shortPercent: 50 });
    expect(served(must('b'))).toEqual(['b', 'b', 'b']);
  });

  test('a lock pool does', () => {
    fixture.setRules({ lockPool: new Set(['a', 'c']) });
    expect(fixture.selector.lease(ask(must('b')))).toMatchObject({ reason: 'owner_unavailable' });
  });
});

describe('should', () => {
  test('that account serves while it can', () => {
    expect(served(should('b'))).toEqual(['b', 'b', 'b']);
  });

  test.each([
    ['has failed in this turn', () => undefined, ['b']],
    ['is limited', () => fixture.setQuota('b', limited(NOW + 1)), []],
    ['rests', () => failOn('b'), []],
    ['is out of rotation', () => fixture.setPool(accounts('a', 'c')), []],
  ])('others serve when it %s', (_why, happen, excluded) => {
    happen();
    expect([...new Set(served(should('b'), excluded))].sort()).toEqual(['a', 'c']);
  });

  test('a reserve does not make it leave', () => {
    fixture.setPolicy('b', { preference: 'preserve' });
    fixture.setPolicy('a', { preference: 'burn_first' });
    expect(served(should('b'))).toEqual(['b', 'b', 'b']);
  });
});

describe('pin', () => {
  test('wins over the strategy and over a binding that may move', () => {
    fixture.setPolicy('c', { pinned: true });
    expect(served(free)).toEqual(['c', 'c', 'c']);
    expect(served(should('a'))).toEqual(['c', 'c', 'c']);
  });

  test('others serve while it cannot', () => {
    fixture.setPolicy('c', { pinned: true });
    fixture.setQuota('c', limited(NOW + 1));
    expect(served(free)).not.toContain('c');
    fixture.setQuota('c', { kind: 'usable' });
    expect(served(free, ['c'])).not.toContain('c');
    expect(served(free)).toEqual(['c', 'c', 'c']);
  });

  test('means nothing while a lock pool is active', () => {
    fixture.setPolicy('c', { pinned: true });
    fixture.setRules({ lockPool: new Set(['a', 'b']) });
    expect([...new Set(served(free))].sort()).toEqual(['a', 'b']);
  });
});

describe('lock pool', () => {
  test('members alone serve, named by our id or by ChatGPT’s', () => {
    fixture.setPool([account('a'), account('b', { chatgptAccountId: 'ws-b' }), account('c')]);
    fixture.setRules({ lockPool: new Set(['a', 'ws-b']) });
    expect([...new Set(served(free))].sort()).toEqual(['a', 'b']);
    expect([...new Set(served(should('c')))].sort()).toEqual(['a', 'b']);
  });

  test('without a member in rotation nobody serves, and only members count for the return', () => {
    fixture.setRules({ lockPool: new Set(['x', 'y']) });
    fixture.setPool(accounts('a'), [
      { id: 'b', status: 'rate_limited', untilMs: NOW + 1000 },
      { id: 'x', status: 'rate_limited', untilMs: NOW + 9000 },
    ]);
    fixture.setQuota('a', limited(NOW + 10));
    expect(fixture.selector.lease(ask(free))).toMatchObject({ reason: 'lock_pool_out', returnsAtMs: NOW + 9000 });
  });
});

test('a lease that serves its binding counts in flight like any other', () => {
  const lease = leased(fixture.selector.lease(ask(should('b'))));
  expect(lease.decision.sticky).toBe(true);
  expect(fixture.selector.inflight('b')).toBe(1);
  lease.release(NO_OUTCOME);
  expect(fixture.selector.inflight('b')).toBe(0);
});
