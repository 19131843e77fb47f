import { formatAge, formatCountdown, formatDuration } from '../../../ui/format/time';

const NOW = 1_700_000_000_000;
const MINUTE = 60_000;

test.each([
  [0, '0s'],
  [59_999, '59s'],
  [3 * MINUTE, '3m'],
  [144 * MINUTE, '2h 24m'],
  [26 * 60 * MINUTE, '1d 2h'],
  [24 * 60 * MINUTE, '1d'],
])('%d ms last %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('a countdown is never early: it rounds up to whole minutes', () => {
  expect(formatCountdown(NOW + 2 * MINUTE + 1, NOW)).toBe('3m');
  expect(formatCountdown(NOW + 1, NOW)).toBe('1m');
  expect(formatCountdown(NOW, NOW)).toBe('now');
  expect(formatCountdown(null, NOW)).toBe('—');
});

test('an age rounds down', () => {
  expect([formatAge(NOW, NOW), formatAge(NOW - 40_500, NOW), formatAge(null, NOW)]).toEqual([
    'just now',
    '40s ago',
    '—',
  ]);
});
