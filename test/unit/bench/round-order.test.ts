import { roundOrder, type Method } from '../../bench/scenarios/method';
import { selectScenarios, type Scenario } from '../../bench/scenarios/scenario-table';

const method: Method = { pairs: 5, freshPairs: 3, windowMs: 1, warmUpMs: 1, peers: ['portkey'], absent: new Set() };

function scenario(id: string): Scenario {
  const [only] = selectScenarios([id]);
  if (only === undefined) throw new Error(id);
  return only;
}

test('rounds alternate: A B, B A', () => {
  const later = [2, 3].map((round) => roundOrder(scenario('J1'), round, method));
  expect(later).toEqual([
    ['nginx', 'pipe', 'tightrope'],
    ['tightrope', 'pipe', 'nginx'],
  ]);
});

test('references and peers come in the first rounds only', () => {
  expect(roundOrder(scenario('J32'), 1, method)).toEqual(['tightrope', 'pipe', 'nginx', 'portkey', 'splice', 'direct']);
  expect(roundOrder(scenario('J32'), 2, method)).not.toContain('portkey');
});

test('what is not installed is left out', () => {
  expect(roundOrder(scenario('S2'), 2, { ...method, absent: new Set(['nginx']) })).toEqual(['pipe', 'tightrope']);
});
