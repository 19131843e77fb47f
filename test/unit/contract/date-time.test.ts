import { isDateTime } from '../../../sidecar/contract/date-time';

test.each(['2026-11-22T10:20:30Z', '2026-11-22t10:20:30.123z', '2024-02-29T00:00:00+05:30', '2016-12-31T23:59:60Z'])(
  '%s is a date and time',
  (text) => {
    expect(isDateTime(text)).toBe(true);
  },
);

test.each([
  '2026-11-22',
  '2026-11-22 10:20:30Z',
  '2026-11-22T10:20:30',
  '2026-13-01T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-01-01T24:00:00Z',
  '2026-01-01T00:60:00Z',
  '2026-01-01T00:00:00+24:00',
  '2026-01-00T00:00:00Z',
  'x2026-01-01T00:00:00Z',
])('%s is none', (text) => {
  expect(isDateTime(text)).toBe(false);
});
