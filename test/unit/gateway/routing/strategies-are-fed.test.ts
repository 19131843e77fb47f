/** Every strategy decides by what the selector itself has seen, held or been told: each case fails when its signal is not wired. */
import type { RoutingStrategy } from '../../../../sidecar/contract/routing';
import type { LeaseOutcome } from '../../../../sidecar/gateway/routing/pool-signals';
import { FREE } from '../../../../sidecar/gateway/routing/routing-ports';
import { account, accounts, leased, selectorOver, type SelectorFixture } from './selector-fixture';

const OK: LeaseOutcome = { ok: true, blame: null, firstEventMs: 100 };
const ask = { model: 'gpt-5.5', excluded: new Set<string>(), binding: FREE };

function over(strategy: RoutingStrategy, pool = accounts('a', 'b')): SelectorFixture {
  const fixture = selectorOver(pool);
  fixture.setRules({ strategy });
  return fixture;
}

/** Lets one account serve once. */
function serveBy({ selector }: SelectorFixture, id: string, outcome: LeaseOutcome): void {
  const excluded = new Set(['a', 'b'].filter((other) => other !== id));
  leased(selector.lease({ ...ask, excluded })).release(outcome);
}

const next = ({ selector }: SelectorFixture, slackMs?: number): string => {
  const lease = leased(selector.lease(slackMs === undefined ? ask : { ...ask, slackMs }));
  lease.release(OK);
  return lease.account.id;
};

test.each(['headroom', 'weighted_round_robin', 'power_of_two', 'cost_aware', 'deadline_aware'] as const)(
  '%s sees how much of the windows is used',
  (strategy) => {
    const fixture = over(strategy);
    fixture.setQuota('a', { kind: 'usable' }, { shortPercent: 99, longPercent: 99 });
    fixture.setQuota('b', { kind: 'usable' }, { shortPercent: 5, longPercent: 5 });
    expect(next(fixture, 60_000)).toBe('b');
  },
);

test.each(['least_outstanding', 'power_of_two'] as const)('%s sees the turns in flight', (strategy) => {
  const fixture = over(strategy);
  const held = leased(fixture.selector.lease({ ...ask, excluded: new Set(['b']) }));
  expect(held.account.id).toBe('a');
  expect(next(fixture)).toBe('b');
});

test.each(['latency_ewma', 'deadline_aware'] as const)(
  '%s sees how long accounts take to the first event',
  (strategy) => {
    const fixture = over(strategy);
    serveBy(fixture, 'a', { ...OK, firstEventMs: 5000 });
    serveBy(fixture, 'b', { ...OK, firstEventMs: 20 });
    expect(next(fixture, 0)).toBe('b');
  },
);

test.each(['success_rate', 'weighted_round_robin', 'cost_aware'] as const)(
  '%s sees failures of the account',
  (strategy) => {
    const fixture = over(strategy);
    for (let turn = 0; turn < 60; turn += 1) {
      serveBy(fixture, 'a', { ok: false, blame: 'account', firstEventMs: null });
      serveBy(fixture, 'b', OK);
    }
    const served = Array.from({ length: 10 }, () => next(fixture));
    expect(served.filter((id) => id === 'b').length).toBeGreaterThan(7);
  },
);

test('cost_aware sees the configured prices of plan and model', () => {
  const fixture = over('cost_aware', [account('a', { planType: 'plus' }), account('b', { planType: 'pro' })]);
  const prices = new Map([
    ['plus@gpt-5.5', { input: 0.5, output: 0.5 }],
    ['pro@gpt-5.5', { input: 0.01, output: 0.01 }],
  ]);
  fixture.setRules({ prices });
  expect(next(fixture)).toBe('b');
});

test('reset_soonest sees the resets', () => {
  const fixture = over('reset_soonest');
  fixture.setQuota('a', { kind: 'usable' }, { resetAtMs: fixture.nowMs + 9000 });
  fixture.setQuota('b', { kind: 'usable' }, { resetAtMs: fixture.nowMs + 1000 });
  expect(next(fixture)).toBe('b');
});

test.each(['fill_first', 'drain_hop'] as const)('%s stays until a limit ends the account’s turns', (strategy) => {
  const fixture = over(strategy);
  const first = next(fixture);
  expect([next(fixture), next(fixture)]).toEqual([first, first]);
  fixture.setQuota(first, { kind: 'limited', untilMs: fixture.nowMs + 1000, reason: 'used up' });
  expect(next(fixture)).not.toBe(first);
});

test('round_robin remembers whose turn it was', () => {
  const fixture = over('round_robin');
  expect([next(fixture), next(fixture), next(fixture)]).toEqual(['a', 'b', 'a']);
});
