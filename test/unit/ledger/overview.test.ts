import { depletion, poolWindow, type PoolWindow } from '../../../sidecar/ledger/overview';

const NOW = 1_000_000_000;
const HOUR = 3_600_000;
/** A window of five hours, two of them gone. */
const window = (usedPercent: number | null, more: Partial<PoolWindow> = {}): PoolWindow => ({
  usedPercent,
  resetAtMs: NOW + 3 * HOUR,
  windowSeconds: 5 * 3600,
  ...more,
});

describe('the pool at a glance', () => {
  it('shows the mean use and the nearest reset to come', () => {
    expect(poolWindow([window(20), window(40, { resetAtMs: NOW - 1 }), window(null)], NOW)).toEqual({
      usedPercent: 30,
      resetAtMs: NOW + 3 * HOUR,
    });
    expect(poolWindow([], NOW)).toEqual({ usedPercent: null, resetAtMs: null });
  });

  it.each([
    ['80 % in two of five hours last half an hour more', [window(80)], { atMs: NOW + HOUR / 2, confidence: 0.4 }],
    ['one account that lasts keeps the pool going', [window(80), window(10)], null],
    ['the last to run dry says when', [window(80), window(50)], { atMs: NOW + 2 * HOUR, confidence: 0.4 }],
    ['what is used up already is', [window(100)], { atMs: NOW, confidence: 1 }],
    ['nothing known, nothing said', [window(null)], null],
    ['too early to tell', [window(2, { resetAtMs: NOW + 5 * HOUR - 1 })], null],
  ])('%s', (_case, windows, expected) => {
    expect(depletion(windows, NOW)).toEqual(expected);
  });
});
