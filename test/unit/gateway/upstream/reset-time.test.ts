import { NO_ERROR_FACTS } from '../../../../sidecar/gateway/protocol/upstream-error';
import { hintInText, resetTimeMs } from '../../../../sidecar/gateway/upstream/reset-time';

const NOW = 1_790_000_000_000;
const DAY = 86_400_000;

describe('the time a limit ends', () => {
  it('is the first thing the upstream says about it', () => {
    const all = { ...NO_ERROR_FACTS, resetsAtMs: NOW + 1, resetsInMs: 2, message: 'try again in 4ms' };
    const headers = ['Retry-After', '0.003'];
    expect(resetTimeMs(all, headers, NOW)).toBe(NOW + 1);
    expect(resetTimeMs({ ...all, resetsAtMs: null }, headers, NOW)).toBe(NOW + 2);
    expect(resetTimeMs({ ...all, resetsAtMs: null, resetsInMs: null }, headers, NOW)).toBe(NOW + 3);
    expect(resetTimeMs({ ...all, resetsAtMs: null, resetsInMs: null }, [], NOW)).toBe(NOW + 4);
    expect(resetTimeMs(NO_ERROR_FACTS, [], NOW)).toBeNull();
  });

  it('is never past or more than 366 days ahead', () => {
    const at = (resetsAtMs: number): number | null => resetTimeMs({ ...NO_ERROR_FACTS, resetsAtMs }, [], NOW);
    expect(at(NOW)).toBeNull();
    expect(at(NOW - 1)).toBeNull();
    expect(at(NOW + 366 * DAY)).toBe(NOW + 366 * DAY);
    expect(at(NOW + 366 * DAY + 1)).toBeNull();
    expect(resetTimeMs({ ...NO_ERROR_FACTS, resetsAtMs: NOW - 5, resetsInMs: 60_000 }, [], NOW)).toBe(NOW + 60_000);
  });

  it.each([
    ['120', 120_000],
    ['Mon, 21 Sep 2026 14:13:40 GMT', 20_000],
    ['soon', null],
    ['-5', null],
    ['', null],
  ])('reads Retry-After %j', (value, aheadMs) => {
    const now = Date.parse('2026-09-21T14:13:20Z');
    expect(resetTimeMs(NO_ERROR_FACTS, ['retry-after', value], now)).toBe(aheadMs === null ? null : now + aheadMs);
  });

  it.each([
    ['Rate limit reached. Please try again in 1.3s.', 1300],
    ['Try again in 28ms', 28],
    ['try again in 1h2m3s', 3_723_000],
    ['try again in 6m0s. Visit us', 360_000],
    ['try again in 2 days 3 hours 4 minutes.', 2 * DAY + 3 * 3_600_000 + 4 * 60_000],
    ['try again in 5 minutes and 1 second', 301_000],
    ['try again in 10 secs, please', 10_000],
    ['try again in a while', null],
    ['try again in 5 parsecs', null],
    ['try again later', null],
    [`try again in ${'1h'.repeat(10_000)}`, 6 * 3_600_000],
  ])('reads the text %j', (text, ms) => {
    expect(hintInText(text)).toBe(ms);
  });
});
