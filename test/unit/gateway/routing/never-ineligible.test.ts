/** Whatever the pool, the settings and the past: an account that may not serve is not leased, and one that may is found. */
import fc from 'fast-check';
import { RoutingStrategy } from '../../../../sidecar/contract/routing';
import type { Blame } from '../../../../sidecar/contract/turn-record';
import type { Binding } from '../../../../sidecar/gateway/routing/routing-ports';
import type { Lease } from '../../../../sidecar/gateway/routing/selector';
import { account, NOW, selectorOver } from './selector-fixture';

const STRATEGIES = RoutingStrategy.anyOf.map((literal) => literal.const);
const BLAMES: readonly (Blame | null)[] = [
  'account',
  'model',
  'payload',
  'upstream',
  'network',
  'client',
  'local',
  null,
];

const member = fc.record({
  limited: fc.boolean(),
  used: fc.option(fc.nat(100)),
  ceiling: fc.option(fc.integer({ min: 1, max: 100 })),
  most: fc.option(fc.integer({ min: 1, max: 3 })),
  preference: fc.constantFrom('burn_first' as const, 'normal' as const, 'preserve' as const),
  locked: fc.boolean(),
});
const step = fc.record({
  model: fc.constantFrom('m1', 'm2'),
  grade: fc.constantFrom('must' as const, 'should' as const, 'free' as const),
  owner: fc.nat(11),
  excluded: fc.array(fc.nat(11), { maxLength: 4 }),
  afterMs: fc.oneof(fc.constant(0), fc.nat(20_000)),
  blame: fc.constantFrom(...BLAMES),
  keep: fc.boolean(),
});

describe.each(STRATEGIES)('%s', (strategy) => {
  test('property', () => {
    fc.assert(
      fc.property(fc.array(member, { maxLength: 8 }), fc.array(step, { maxLength: 40 }), (members, steps) => {
        const pool = members.map((_member, i) => account(`account-${i}`));
        const fixture = selectorOver(pool);
        const locked = pool.filter((_one, i) => members[i]?.locked).map(({ id }) => id);
        const lockPool = new Set(locked.length >= 2 ? locked : []);
        fixture.setRules({ strategy, lockPool });
        for (const [i, { limited, used, ceiling, most, preference }] of members.entries()) {
          const until = { kind: 'limited', untilMs: NOW + 1e9, reason: '' } as const;
          fixture.setQuota(`account-${i}`, limited ? until : { kind: 'usable' }, { shortPercent: used });
          fixture.setPolicy(`account-${i}`, { preference, maxUsedPercent: ceiling, maxConcurrent: most });
        }
        const held: Lease[] = [];
        for (const { model, grade, owner, excluded, afterMs, blame, keep } of steps) {
          fixture.nowMs += afterMs;
          const tried = new Set(excluded.map((index) => `account-${index}`));
          const binding: Binding =
            grade === 'free'
              ? { grade, accountId: null, boundBy: null }
              : { grade, accountId: `account-${owner}`, boundBy: 'session' };
          const may = pool.filter(({ id }, i) => {
            const facts = members[i];
            if (facts === undefined || facts.limited || tried.has(id)) return false;
            if (lockPool.size > 0 && !lockPool.has(id)) return false;
            if (facts.most !== null && fixture.selector.inflight(id) >= facts.most) return false;
            return grade === 'must' ? id === binding.accountId : (facts.used ?? 0) < (facts.ceiling ?? Infinity);
          });
          const request = { model, excluded: tried, binding };
          const expected = fixture.selector.preview(request).account?.id;
          const lease = fixture.selector.lease(request);
          if (lease.kind === 'refused') {
            expect(expected).toBeUndefined();
            // Only accounts that refused the model may be passed over, by a turn that has asked somebody.
            if (tried.size === 0) expect(may).toEqual([]);
            continue;
          }
          expect(may.map(({ id }) => id)).toContain(lease.account.id);
          if (keep) held.push(lease);
          else lease.release({ ok: blame === null, blame, firstEventMs: 100 });
        }
        for (const lease of held) lease.release({ ok: true, blame: null, firstEventMs: 100 });
        expect(pool.map(({ id }) => fixture.selector.inflight(id))).toEqual(pool.map(() => 0));
      }),
    );
  });
});
