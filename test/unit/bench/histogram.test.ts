import fc from 'fast-check';
import { Histogram } from '../../bench/figures/histogram';

test('an empty one is all zeros', () => {
  expect(new Histogram().summary()).toEqual({ count: 0, meanMicros: 0, p50Micros: 0, p99Micros: 0, maxMicros: 0 });
});

test('percentiles are within half a percent of the exact ones', () => {
  const times = fc.array(fc.double({ min: 0, max: 1e8, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (micros, share) => {
      const histogram = new Histogram();
      for (const one of micros) histogram.record(one);
      const exact = micros.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * micros.length) - 1)] ?? 0;
      expect(Math.abs(histogram.percentileMicros(share) - exact)).toBeLessThanOrEqual(0.1 + exact * 0.005);
    }),
  );
});

test('the median of a known series', () => {
  const histogram = new Histogram();
  for (let micros = 1; micros <= 99; micros += 1) histogram.record(micros);
  expect(histogram.summary()).toMatchObject({ count: 99, meanMicros: 50, maxMicros: 99 });
  expect(histogram.summary().p50Micros).toBeCloseTo(50, 0);
});

test('negative times count as zero, absurd ones as the longest', () => {
  const histogram = new Histogram();
  histogram.record(-5);
  histogram.record(1e12);
  expect(histogram.summary()).toMatchObject({ count: 2, p50Micros: 0 });
  expect(histogram.summary().maxMicros).toBeGreaterThan(2e8);
});

test('reset forgets everything', () => {
  const histogram = new Histogram();
  histogram.record(7);
  histogram.reset();
  expect(histogram.summary().count).toBe(0);
});
