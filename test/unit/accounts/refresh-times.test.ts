import { blankRow } from '../../../sidecar/accounts/account-row';
import { isDue, pauseAfterFailureMs, type SweepKind } from '../../../sidecar/accounts/refresh-times';
import { factsOf, type AccountFacts } from '../../../sidecar/accounts/roster';
import { SCHEDULE } from './pool-fixture';

const NOW = 1_800_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const due = (sweep: SweepKind, facts: Partial<AccountFacts>): boolean =>
  isDue({ ...factsOf(blankRow('a', 'openai', 'a', 1)), ...facts }, sweep, SCHEDULE, NOW);
const both = (facts: Partial<AccountFacts>): boolean[] => [due('startup', facts), due('periodic', facts)];

const refreshed = (ageMs: number): Partial<AccountFacts> => ({
  token_refresh_last_success_at_ms: NOW - ageMs,
  token_refresh_next_due_at_ms: NOW - ageMs + DAY,
  access_token_expires_at_ms: NOW + 9 * DAY,
});

test('a login of which nothing is known is due', () => {
  expect(both({})).toEqual([true, true]);
});

test.each([
  [4 * HOUR - 1, [false, false]],
  [4 * HOUR, [true, false]],
  [DAY - 1, [true, false]],
  [DAY, [true, true]],
])('refreshed %i ms ago: due at start and in between: %j', (ageMs, wanted) => {
  expect(both(refreshed(ageMs))).toEqual(wanted);
});

test('an imported login counts from its last refresh elsewhere', () => {
  const imported = (ageMs: number) => ({ last_refresh_at_ms: NOW - ageMs });
  expect(both(imported(3 * HOUR))).toEqual([false, false]);
  expect(both(imported(DAY))).toEqual([true, true]);
  expect(both({ ...imported(HOUR), token_refresh_last_success_at_ms: NOW - 5 * DAY })).toEqual([false, false]);
});

test('a token that ends before the next sweep is due, with five minutes to spare', () => {
  const ends = (inMs: number) => ({ ...refreshed(HOUR), access_token_expires_at_ms: NOW + inMs });
  expect(both(ends(20 * MINUTE))).toEqual([true, true]);
  expect(both(ends(20 * MINUTE + 1))).toEqual([false, false]);
});

test('after a failure only the time set then counts, also at start and for a token that ends', () => {
  const failed = (inMs: number) => ({
    token_refresh_last_error: 'http_503: No.',
    token_refresh_next_due_at_ms: NOW + inMs,
    access_token_expires_at_ms: NOW + MINUTE,
  });
  expect(both(failed(1))).toEqual([false, false]);
  expect(both(failed(0))).toEqual([true, true]);
});

test('a time that only a wrong clock can have written is not believed', () => {
  const wrong = { ...refreshed(DAY), token_refresh_next_due_at_ms: NOW + 30 * DAY };
  expect(both(wrong)).toEqual([true, true]);
  const heldBack = { token_refresh_last_error: 'oauth_transport_failed: x', access_token_expires_at_ms: NOW + 9 * DAY };
  expect(both({ ...refreshed(5 * DAY), ...heldBack, token_refresh_next_due_at_ms: NOW + 9 * DAY - 1 })).toEqual([
    false,
    false,
  ]);
});

test('pauses double from a minute to the longest, with jitter', () => {
  const pauses = [1, 2, 3, 8, 9, 99].map((failures) => pauseAfterFailureMs(failures, 4 * HOUR, 0));
  expect(pauses.map((ms) => ms / MINUTE)).toEqual([1, 2, 4, 128, 240, 240]);
  expect(pauseAfterFailureMs(1, 4 * HOUR, 1)).toBe(75_000);
  expect(pauseAfterFailureMs(1, 500, 1)).toBe(500);
});
