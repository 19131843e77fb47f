/** Expiry as people write it: offsets count, what cannot be read is refused (gap G-14). */
import { parseExpiry } from '../../../sidecar/keys/expiry-time';

test.each([
  ['2026-03-01T12:00:00Z', Date.UTC(2026, 2, 1, 12)],
  ['2026-03-01 12:00:00', Date.UTC(2026, 2, 1, 12)],
  ['2026-03-01T12:00:00', Date.UTC(2026, 2, 1, 12)],
  ['2026-03-01 12:00:00Z', Date.UTC(2026, 2, 1, 12)],
  ['2026-03-01T12:00:00.250+02:00', Date.UTC(2026, 2, 1, 10, 0, 0, 250)],
  [' 2026-03-01T12:00:00Z ', Date.UTC(2026, 2, 1, 12)],
  ['2026-02-30T12:00:00Z', null],
  ['2026-03-01', null],
  ['tomorrow', null],
  ['1772366400000', null],
])('%s', (text, atMs) => {
  expect(parseExpiry(text)).toBe(atMs);
});
