/** Strategies that compare figures (spec/proxy.md 6.6; 13.9 no. 157–159, 161, 162). */
import { costAware } from '../../../../../sidecar/gateway/routing/strategies/cost-aware';
import { deadlineAware } from '../../../../../sidecar/gateway/routing/strategies/deadline-aware';
import { STRATEGIES } from '../../../../../sidecar/gateway/routing/strategies/strategy-table';
import { candidate, NOW, serve, share, stateFor } from './strategy-fixture';

const HOUR = 3_600_000;

test('headroom: (.20, .80) against (.30, .10) with equal weights is the second', () => {
  const pool = [candidate(0, { shortUsed: 0.2, longUsed: 0.8 }), candidate(1, { shortUsed: 0.3, longUsed: 0.1 })];
  const state = stateFor(2, { rules: { headroomWeights: { short: 0.5, long: 0.5 } } });
  const choice = STRATEGIES.headroom.pick(pool, state);
  expect(choice.index).toBe(1);
  expect([...choice.scores].map((score) => score.toFixed(2))).toEqual(['0.50', '0.80']);
});

test('headroom without weights looks at the short window alone', () => {
  const pool = [candidate(0, { shortUsed: 0.3, longUsed: 0 }), candidate(1, { shortUsed: 0.2, longUsed: 1 })];
  expect(STRATEGIES.headroom.pick(pool, stateFor(2, { rules: { headroomWeights: { short: 0, long: 0 } } })).index).toBe(
    1,
  );
});

test('least_outstanding: 9 against 2 is the second', () => {
  const pool = [candidate(0, { inflight: 9 }), candidate(1, { inflight: 2 })];
  expect(STRATEGIES.least_outstanding.pick(pool, stateFor(2)).index).toBe(1);
});

describe('latency_ewma', () => {
  const { latency_ewma: strategy } = STRATEGIES;

  test('240 against 95 ms is the second', () => {
    const pool = [candidate(0, { firstEventMs: 240 }), candidate(1, { firstEventMs: 95 })];
    expect(strategy.pick(pool, stateFor(2)).index).toBe(1);
  });

  test('an account whose time is not known is tried, by one turn at a time', () => {
    const known = candidate(0, { firstEventMs: 95 });
    expect(strategy.pick([known, candidate(1)], stateFor(2)).index).toBe(1);
    const slow = candidate(2, { firstEventMs: 300 });
    expect(strategy.pick([known, candidate(1, { inflight: 1 }), slow], stateFor(3)).index).toBe(0);
  });
});

describe('cost_aware', () => {
  const cheap = candidate(0, { cost: 0.1, shortUsed: 0.97 });
  const middle = candidate(1, { cost: 0.35, shortUsed: 0.5, errorRate: 0.2 });
  const dear = candidate(2, { cost: 1, shortUsed: 0.1, errorRate: 0.02 });

  test('the cheapest that has quota left and does not fail', () => {
    expect(costAware([cheap, middle, dear], stateFor(3)).index).toBe(1);
  });

  test('when nobody is within the limits, the one with the most headroom', () => {
    const limits = { leastHeadroom: 0.05, mostErrors: 0.01 };
    expect(costAware([candidate(0, { cost: 0.1, shortUsed: 0.97 }), middle, dear], stateFor(3), limits).index).toBe(2);
  });
});

describe('deadline_aware', () => {
  const roomy = candidate(0, { shortUsed: 0.05, firstEventMs: 900 });
  const fast = candidate(1, { shortUsed: 0.6, firstEventMs: 80 });
  const options = {
    weights: { headroom: 2, success: 1, latency: 0.001, outstanding: 0.1 },
    tightMs: 200,
    scale: 4,
  };

  test('with time to spare headroom counts', () => {
    expect(deadlineAware([roomy, fast], stateFor(2, { slackMs: 1000 }), options).index).toBe(0);
  });

  test('without any it is speed', () => {
    expect(deadlineAware([roomy, fast], stateFor(2, { slackMs: 0 }), options).index).toBe(1);
  });
});

describe('fill_first', () => {
  test('always the first that can serve, and back to it', () => {
    const [a, b] = [candidate(0), candidate(1)];
    const state = stateFor(2);
    const ids = [[a, b], [b], [a, b]].map((pool) => pool[serve(STRATEGIES.fill_first, pool, state).index]?.id);
    expect(ids).toEqual([a.id, b.id, a.id]);
  });

  test('the soonest reset first where asked for', () => {
    const pool = [candidate(0, { resetAtMs: NOW + HOUR }), candidate(1, { resetAtMs: NOW + 1000 }), candidate(2)];
    expect(share('fill_first', pool, 3, { rules: { preferEarlierReset: true } })).toEqual([0, 3, 0]);
  });
});

describe('reset_soonest', () => {
  test('the soonest reset; unknown ones come last', () => {
    const pool = [candidate(0), candidate(1, { resetAtMs: NOW + 2 * HOUR }), candidate(2, { resetAtMs: NOW + HOUR })];
    expect(share('reset_soonest', pool, 3)).toEqual([0, 0, 3]);
  });

  test('a reset that has passed counts as now', () => {
    const pool = [candidate(0, { resetAtMs: NOW + 1 }), candidate(1, { resetAtMs: NOW - HOUR })];
    expect(share('reset_soonest', pool, 1)).toEqual([0, 1]);
  });

  test('unknown ones share the work', () => {
    expect(share('reset_soonest', [candidate(0), candidate(1)], 6)).toEqual([3, 3]);
  });
});

describe('ties', () => {
  test('go to fewer turns in flight, then to the one whose turn is longest ago', () => {
    const strategy = STRATEGIES.headroom;
    expect(strategy.pick([candidate(0, { inflight: 2 }), candidate(1, { inflight: 1 })], stateFor(2)).index).toBe(1);
    expect(share('headroom', [candidate(0), candidate(1), candidate(2)], 9)).toEqual([3, 3, 3]);
  });

  test('go to the sooner reset where asked for', () => {
    const pool = [candidate(0, { resetAtMs: NOW + 2 * HOUR }), candidate(1, { resetAtMs: NOW + HOUR })];
    expect(share('headroom', pool, 3, { rules: { preferEarlierReset: true } })).toEqual([0, 3]);
  });
});
