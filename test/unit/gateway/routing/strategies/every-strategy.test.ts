/** What holds for all strategies, whatever the pool looks like. */
import fc from 'fast-check';
import { STRATEGIES } from '../../../../../sidecar/gateway/routing/strategies/strategy-table';
import { TurnMemory } from '../../../../../sidecar/gateway/routing/strategies/turn-memory';
import { anyCandidates, candidate, seededRandom, serve, stateFor, STRATEGY_NAMES } from './strategy-fixture';

describe.each(STRATEGY_NAMES)('%s', (name) => {
  const strategy = STRATEGIES[name];

  test('property: it picks one of those it was given, turn after turn', () => {
    fc.assert(
      fc.property(
        anyCandidates,
        fc.nat(),
        fc.boolean(),
        fc.nat(2000),
        (candidates, seed, preferEarlierReset, slackMs) => {
          const rules = { preferEarlierReset };
          const state = stateFor(candidates.length, { random: seededRandom(seed), rules, slackMs });
          for (let turn = 0; turn < 10; turn += 1) {
            const { index } = serve(strategy, candidates, state);
            expect(Number.isInteger(index)).toBe(true);
            expect(candidates[index]).toBeDefined();
          }
        },
      ),
    );
  });

  test('property: the same candidates, memory and lots give the same choice', () => {
    fc.assert(
      fc.property(anyCandidates, fc.nat(), (candidates, seed) => {
        const run = (): number[] => {
          const state = stateFor(candidates.length, { random: seededRandom(seed), memory: new TurnMemory() });
          return Array.from({ length: 8 }, () => serve(strategy, candidates, state).index);
        };
        expect(run()).toEqual(run());
      }),
    );
  });

  test('property: picking without carrying it out changes nothing', () => {
    fc.assert(
      fc.property(anyCandidates, fc.nat(), (candidates, seed) => {
        const state = stateFor(candidates.length, { random: seededRandom(seed) });
        serve(strategy, candidates, state);
        const again = (): number => strategy.pick(candidates, { ...state, random: seededRandom(seed) }).index;
        expect(again()).toBe(again());
      }),
    );
  });

  test('one candidate alone serves', () => {
    expect(serve(strategy, [candidate(0, { shortUsed: 1, errorRate: 1 })], stateFor(1)).index).toBe(0);
  });
});
