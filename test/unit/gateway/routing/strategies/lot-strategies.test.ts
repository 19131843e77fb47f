/** Strategies that draw lots (spec/proxy.md 6.6; 13.9 no. 155, 156, 160). */
import fc from 'fast-check';
import { COMPOSITE_WEIGHTS, compositeScore } from '../../../../../sidecar/gateway/routing/strategies/composite-score';
import { STRATEGIES } from '../../../../../sidecar/gateway/routing/strategies/strategy-table';
import { candidate, seededRandom, share, stateFor } from './strategy-fixture';

describe('power_of_two', () => {
  test('of two, the clearly stronger one', () => {
    const weak = candidate(0, { shortUsed: 0.9, inflight: 12, firstEventMs: 900 });
    const strong = candidate(1, { shortUsed: 0.1, firstEventMs: 80 });
    expect(share('power_of_two', [weak, strong], 20, { random: seededRandom(7) })).toEqual([0, 20]);
  });

  test('property: it looks at two different accounts, no more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), (size, seed) => {
        const pool = Array.from({ length: size }, (_, slot) => candidate(slot));
        const { scores, index } = STRATEGIES.power_of_two.pick(pool, stateFor(size, { random: seededRandom(seed) }));
        const looked = [...scores].flatMap((score, slot) => (Number.isNaN(score) ? [] : [slot]));
        expect(looked).toHaveLength(2);
        expect(looked).toContain(index);
      }),
    );
  });

  test('the ends of the lot draw the first and the last', () => {
    const pool = [0, 1, 2].map((slot) => candidate(slot));
    const drawn = (value: number): number[] => {
      const { scores } = STRATEGIES.power_of_two.pick(pool, stateFor(3, { random: () => value }));
      return [...scores].flatMap((score, slot) => (Number.isNaN(score) ? [] : [slot]));
    };
    expect(drawn(0)).toEqual([0, 1]);
    expect(drawn(1 - Number.EPSILON)).toEqual([1, 2]);
  });
});

test('composite: less latency and fewer turns in flight score higher', () => {
  const score = (facts: object): number => compositeScore(candidate(0, facts), stateFor(1), COMPOSITE_WEIGHTS);
  expect(score({ firstEventMs: 100 })).toBeGreaterThan(score({ firstEventMs: 400 }));
  expect(score({ inflight: 1 })).toBeGreaterThan(score({ inflight: 4 }));
  expect(score({ shortUsed: 0.25, inflight: 2, firstEventMs: 300, errorRate: 0.1 })).toBeCloseTo(
    0.75 + 0.9 - 0.3 - 0.2,
  );
});

describe('success_rate', () => {
  test('.95 against .25 over 200 turns: the first serves more often', () => {
    const pool = [candidate(0, { errorRate: 0.05 }), candidate(1, { errorRate: 0.75 })];
    const [first = 0, second = 0] = share('success_rate', pool, 200, { random: seededRandom(3) });
    expect(first).toBeGreaterThan(second * 5);
    expect(second).toBeGreaterThan(0);
  });

  test('the chances are p to the power of rho', () => {
    const pool = [candidate(0, { errorRate: 0.5 }), candidate(1)];
    expect([...STRATEGIES.success_rate.pick(pool, stateFor(2)).scores]).toEqual([0.25, 1]);
  });

  test('the ends of the lot draw the first and the last, also when nobody ever succeeds', () => {
    const pool = [0, 1, 2].map((slot) => candidate(slot, { errorRate: 1 }));
    const at = (value: number): number =>
      STRATEGIES.success_rate.pick(pool, stateFor(3, { random: () => value })).index;
    expect([at(0), at(0.5), at(1 - Number.EPSILON)]).toEqual([0, 1, 2]);
  });
});
