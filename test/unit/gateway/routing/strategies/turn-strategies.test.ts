/** Strategies that remember: round robin, its weighted form, drain and hop (spec/proxy.md 6.5; 13.9 no. 152, 154). */
import fc from 'fast-check';
import { STRATEGIES } from '../../../../../sidecar/gateway/routing/strategies/strategy-table';
import { candidate, NOW, serve, share, stateFor } from './strategy-fixture';

const [a, b, c] = [candidate(0), candidate(1), candidate(2)];
const HOUR = 3_600_000;

describe('round_robin', () => {
  const strategy = STRATEGIES.round_robin;

  test('a1, a2, a1', () => {
    const state = stateFor(2);
    expect([1, 2, 3].map(() => serve(strategy, [a, b], state).index)).toEqual([0, 1, 0]);
  });

  test('whoever was passed over has not lost its turn', () => {
    const state = stateFor(3);
    serve(strategy, [a, b, c], state);
    serve(strategy, [a, c], state);
    expect(serve(strategy, [a, b, c], state).index).toBe(1);
  });

  test('a slot that goes to another account starts afresh', () => {
    const state = stateFor(2);
    serve(strategy, [a, b], state);
    state.memory.forget(0);
    expect(serve(strategy, [a, b], state).index).toBe(0);
  });
});

describe('weighted_round_robin', () => {
  test('usage .05 against .85: the first serves more often', () => {
    const counts = share(
      'weighted_round_robin',
      [candidate(0, { shortUsed: 0.05 }), candidate(1, { shortUsed: 0.85 })],
      40,
    );
    expect(counts[0]).toBeGreaterThan(counts[1] ?? 0);
  });

  test('property: over a cycle everybody serves in proportion to its weight, give or take one turn', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 3 }), (parts, cycles) => {
        const sum = parts.reduce((total, part) => total + part, 0);
        const candidates = parts.map((part, slot) => candidate(slot, { shortUsed: 1 - part / 20 }));
        const counts = share('weighted_round_robin', candidates, sum * cycles);
        for (const [slot, part] of parts.entries()) {
          expect(Math.abs((counts[slot] ?? 0) - part * cycles)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('equal accounts are interleaved, not served in runs', () => {
    const state = stateFor(3);
    const served = Array.from({ length: 6 }, () => serve(STRATEGIES.weighted_round_robin, [a, b, c], state).index);
    expect(served).toEqual([0, 1, 2, 0, 1, 2]);
  });

  test('accounts that are candidates only now and then come up all the same', () => {
    const state = stateFor(3);
    const counts = [0, 0, 0];
    for (let turn = 0; turn < 60; turn += 1) {
      const candidates = turn % 2 === 0 ? [a, b] : [b, c];
      const { index } = serve(STRATEGIES.weighted_round_robin, candidates, state);
      const slot = candidates[index]?.slot ?? 0;
      counts[slot] = (counts[slot] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(15);
  });

  test('errors of its own cost an account turns, by the exponent', () => {
    const pool = [candidate(0, { errorRate: 0.5 }), candidate(1)];
    expect(share('weighted_round_robin', pool, 100)).toEqual([20, 80]);
    expect(share('weighted_round_robin', pool, 120, { rules: { rho: 1 } })).toEqual([40, 80]);
  });

  test('an account that failed every time keeps one turn in twenty-one', () => {
    expect(share('weighted_round_robin', [candidate(0, { errorRate: 1 }), b], 210)).toEqual([10, 200]);
  });

  test('without any quota left the first one serves', () => {
    const used = [candidate(0, { shortUsed: 1 }), candidate(1, { shortUsed: 1 })];
    expect(share('weighted_round_robin', used, 4)).toEqual([4, 0]);
  });

  test('a reset that comes sooner is worth up to half a turn more, where asked for', () => {
    const pool = [candidate(0, { resetAtMs: NOW }), candidate(1, { resetAtMs: NOW + 30 * 24 * HOUR })];
    expect(share('weighted_round_robin', pool, 100)).toEqual([50, 50]);
    expect(share('weighted_round_robin', pool, 100, { rules: { preferEarlierReset: true } })).toEqual([60, 40]);
  });
});

describe('drain_hop', () => {
  const strategy = STRATEGIES.drain_hop;

  test('stays with one account and hops when that is no candidate any more', () => {
    const state = stateFor(3);
    expect([1, 2, 3].map(() => serve(strategy, [a, b, c], state).index)).toEqual([0, 0, 0]);
    expect(serve(strategy, [b, c], state).index).toBe(0);
    expect(serve(strategy, [a, b, c], state).index).toBe(1);
  });

  test('goes round: the next hop is to the one that was left longest ago', () => {
    const state = stateFor(3);
    serve(strategy, [a, b, c], state);
    serve(strategy, [b, c], state);
    serve(strategy, [a, c], state);
    expect(state.memory.currentId).toBe(c.id);
    expect(serve(strategy, [a, b], state).index).toBe(0);
  });

  test('hops to the soonest reset where asked for', () => {
    const later = candidate(0, { resetAtMs: NOW + 2 * HOUR });
    const sooner = candidate(1, { resetAtMs: NOW + HOUR });
    expect(serve(strategy, [later, sooner, c], stateFor(3, { rules: { preferEarlierReset: true } })).index).toBe(1);
  });
});
