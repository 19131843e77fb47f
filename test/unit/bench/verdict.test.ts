import { judge } from '../../bench/figures/verdict';
import type { Goal } from '../../bench/floors';
import { windowsOf } from './windows';

const atLeast: Goal = {
  scenario: 'J32',
  figure: 'rate',
  against: { target: 'pipe', relation: 'ratio' },
  sense: 'at least',
  floor: 1,
  target: 1.5,
};
const atMost: Goal = { ...atLeast, figure: 'idleMb', against: null, sense: 'at most', floor: 120, target: 80 };

function ratioOf(value: number): ReturnType<typeof judge> {
  return judge(atLeast, [...windowsOf('pipe', 'rate', [100]), ...windowsOf('tightrope', 'rate', [value])]);
}

test.each([
  [160, { floorMet: true, targetMet: true, failed: false }],
  [120, { floorMet: true, targetMet: false, failed: false }],
  [80, { floorMet: false, targetMet: false, failed: false }],
  [74, { floorMet: false, targetMet: false, failed: true }],
])('more is better: %d of 100', (value, expected) => {
  expect(ratioOf(value)).toMatchObject(expected);
});

test.each([
  [70, { floorMet: true, targetMet: true, failed: false }],
  [100, { floorMet: true, targetMet: false, failed: false }],
  [150, { floorMet: false, targetMet: false, failed: false }],
  [170, { floorMet: false, targetMet: false, failed: true }],
])('less is better: %d MB', (value, expected) => {
  expect(judge(atMost, windowsOf('tightrope', 'idleMb', [value]))).toMatchObject(expected);
});

test('a goal without a floor cannot fail', () => {
  expect(judge({ ...atMost, floor: null }, windowsOf('tightrope', 'idleMb', [900]))).toMatchObject({
    floorMet: null,
    targetMet: false,
    failed: false,
  });
});

test('no verdict without the baseline', () => {
  expect(judge(atLeast, windowsOf('tightrope', 'rate', [100]))).toBeNull();
});

test('against nginx the worse of rate and rate per CPU time counts', () => {
  const goal: Goal = { ...atLeast, against: { target: 'nginx', relation: 'ratio' } };
  const windows = [
    { ...windowsOf('nginx', 'rate', [100])[0], figures: { rate: 100, ratePerCore: 300 } },
    { ...windowsOf('tightrope', 'rate', [90])[0], figures: { rate: 90, ratePerCore: 90 } },
  ] as Parameters<typeof judge>[1];
  expect(judge(goal, windows)?.value.median).toBeCloseTo(0.3);
});
