import {
  formatBytes,
  formatCompact,
  formatCount,
  formatLatency,
  formatPercent,
  formatUsd,
} from '../../../ui/format/number';

test('what is not known is a dash and never 0', () => {
  for (const format of [formatBytes, formatCompact, formatCount, formatLatency, formatPercent, formatUsd]) {
    expect([format(null), format(undefined), format(Number.NaN)]).toEqual(['—', '—', '—']);
    expect(format(0)).toContain('0');
  }
});

test.each([
  [1023, '1023 B'],
  [1024, '1.00 KB'],
  [15_360, '15.0 KB'],
  [512_000, '500 KB'],
  [5 * 1024 ** 5, '5.00 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [640, '640'],
  [18_432, '18.4k'],
  [1_920_000, '1.92M'],
])('%d is %s in short', (value, text) => {
  expect(formatCompact(value)).toBe(text);
});

test.each([
  [12.5, '$12.50'],
  [0.004, '$0.004'],
  [0.000_01, '<$0.001'],
])('%d USD are %s', (value, text) => {
  expect(formatUsd(value)).toBe(text);
});

test('latency changes to seconds at ten of them', () => {
  expect([formatLatency(9_999), formatLatency(12_400)]).toEqual(['9999 ms', '12.4 s']);
});
