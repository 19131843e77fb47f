import { figureSpread, pairedSpread, spread } from '../../bench/figures/statistics';
import { windowsOf } from './windows';

test('the median of an odd and of an even number of values', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, count: 3 });
  expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, count: 4 });
});

test('no values have no median', () => {
  expect(() => spread([])).toThrow(RangeError);
});

test('ratios are taken within a round, not between medians', () => {
  const windows = [...windowsOf('pipe', 'rate', [100, 200, 400]), ...windowsOf('tightrope', 'rate', [150, 600, 400])];
  const ratio = pairedSpread(windows, { subject: 'tightrope', other: 'pipe' }, 'rate', 'ratio');
  expect(ratio).toEqual({ median: 1.5, min: 1, max: 3, count: 3 });
});

test('rounds that lack one side are left out', () => {
  const windows = [...windowsOf('direct', 'p50Ms', [0.25]), ...windowsOf('tightrope', 'p50Ms', [0.75, 9, 9])];
  const above = pairedSpread(windows, { subject: 'tightrope', other: 'direct' }, 'p50Ms', 'difference');
  expect(above).toEqual({ median: 0.5, min: 0.5, max: 0.5, count: 1 });
});

test('what was not measured has no spread', () => {
  const windows = windowsOf('tightrope', 'rate', [1]);
  expect(pairedSpread(windows, { subject: 'tightrope', other: 'nginx' }, 'rate', 'ratio')).toBeNull();
  expect(figureSpread(windows, 'tightrope', 'idleMb')).toBeNull();
});
