import fc from 'fast-check';
import { LONGEST_RESET_MS, readReset, readWindow } from '../../../sidecar/quota/quota-report';
import { DAY, HOUR, NOW, unixAfter } from './header-sets';

function read(raw: Partial<Record<'usedPercent' | 'windowSeconds' | 'resetAt' | 'resetAfterSeconds', unknown>>) {
  const nothing = {
    usedPercent: undefined,
    windowSeconds: undefined,
    resetAt: undefined,
    resetAfterSeconds: undefined,
  };
  return readWindow({ ...nothing, ...raw }, NOW);
}

test('a length of zero means that there is no window', () => {
  expect(read({ usedPercent: '0', windowSeconds: 0, resetAt: '' })).toBeNull();
  expect(read({ usedPercent: '50', windowSeconds: 0 })).toBeNull();
});

test('no percentage, or 0 % of nothing known, is no window', () => {
  expect(read({ windowSeconds: 18_000, resetAt: unixAfter(HOUR) })).toBeNull();
  expect(read({ usedPercent: 0 })).toBeNull();
});

test('an empty reset leaves the window without one', () => {
  expect(read({ usedPercent: '55', windowSeconds: 18_000, resetAt: '' })).toEqual({
    class: 'short',
    usedPercent: 55,
    windowSeconds: 18_000,
    resetAtMs: null,
  });
});

test('a window of unknown length is still a window when it is used', () => {
  expect(read({ usedPercent: 80 })).toMatchObject({ class: 'other', windowSeconds: null, usedPercent: 80 });
});

test('resets come in seconds, in milliseconds, or as seconds from now', () => {
  expect(readReset(unixAfter(HOUR), null, NOW)).toBe(NOW + HOUR);
  expect(readReset(NOW + HOUR, null, NOW)).toBe(NOW + HOUR);
  expect(readReset(null, 3600, NOW)).toBe(NOW + HOUR);
});

test('a local clock that is off does not move the reset: then the seconds from now count', () => {
  expect(readReset(unixAfter(10 * HOUR), 3600, NOW)).toBe(NOW + HOUR);
  expect(readReset(unixAfter(HOUR + 30_000), 3600, NOW)).toBe(NOW + HOUR + 30_000);
});

test('a reset more than 366 days away is a mistake', () => {
  expect(readReset(unixAfter(367 * DAY), null, NOW)).toBeNull();
  expect(readReset(null, 367 * 86_400, NOW)).toBeNull();
  expect(readReset(unixAfter(365 * DAY), null, NOW)).toBe(NOW + 365 * DAY);
});

test('whatever is said, percentages are within 0 and 100 and resets within 366 days', () => {
  const anything = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.double().map(String), fc.anything());
  fc.assert(
    fc.property(anything, anything, anything, anything, (usedPercent, windowSeconds, resetAt, resetAfterSeconds) => {
      const window = read({ usedPercent, windowSeconds, resetAt, resetAfterSeconds });
      if (window === null) return;
      expect(window.usedPercent).toBeGreaterThanOrEqual(0);
      expect(window.usedPercent).toBeLessThanOrEqual(100);
      if (window.windowSeconds !== null) expect(window.windowSeconds).toBeGreaterThanOrEqual(0);
      if (window.resetAtMs === null) return;
      expect(Number.isInteger(window.resetAtMs)).toBe(true);
      expect(Math.abs(window.resetAtMs - NOW)).toBeLessThanOrEqual(LONGEST_RESET_MS);
    }),
  );
});
