import { percentile } from '../../../build/size-report.mjs';

test('percentiles by nearest rank', () => {
  const sorted = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  expect(percentile(sorted, 0.5)).toBe(50);
  expect(percentile(sorted, 0.9)).toBe(90);
  expect(percentile(sorted, 1)).toBe(100);
  expect(percentile([], 0.5)).toBe(0);
});
