import type { Account } from '../../../sidecar/contract/account';
import { poolWindow, quotaTone, quotaWindows, windowLabel } from '../../../ui/format/quota';

const HOUR = 3_600;
const DAY = 86_400;

function account(accountId: string, status: Account['status'], usedPercent: number, resetAtMs: number | null): Account {
  const windows = [
    { class: 'short', usedPercent, windowSeconds: 5 * HOUR, resetAtMs, source: 'poll', observedAtMs: 1 },
  ];
  return { accountId, status, windows } as unknown as Account;
}

test('the pool is the mean of those that may serve, and the next reset the soonest that gives something back', () => {
  const pool = poolWindow(
    [
      account('a', 'active', 20, 900),
      account('b', 'rate_limited', 100, 500),
      account('unused', 'active', 0, 100),
      account('paused', 'paused', 0, 50),
      account('dead', 'deactivated', 0, 10),
    ],
    'short',
  );
  expect(pool.remainingPercent).toBe((80 + 0 + 100) / 3);
  expect(pool.next?.account.accountId).toBe('b');
});

test('a pool of which nothing is known has no number', () => {
  expect(poolWindow([], 'weekly')).toMatchObject({ remainingPercent: null, next: null });
});

test.each([
  [5 * HOUR, '5-hour'],
  [DAY, 'Daily'],
  [3 * DAY, '3-day'],
  [7 * DAY, 'Weekly'],
  [30 * DAY, 'Monthly'],
  [null, 'Quota'],
])('a window of %s s is called %s', (seconds, label) => {
  expect(windowLabel(seconds)).toBe(label);
});

test('windows come shortest first', () => {
  const [long, short] = [7 * DAY, 5 * HOUR].map((windowSeconds) => ({
    class: 'other' as const,
    usedPercent: 1,
    windowSeconds,
    resetAtMs: null,
    source: 'poll' as const,
    observedAtMs: 1,
  }));
  if (long === undefined || short === undefined) throw new Error('two windows were made');
  expect(quotaWindows({ windows: [long, short] }).map(({ label }) => label)).toEqual(['5-hour', 'Weekly']);
});

test('tones follow what is left', () => {
  expect([100, 40, 39, 15, 14, 0].map(quotaTone)).toEqual(['ok', 'ok', 'warn', 'warn', 'danger', 'empty']);
});
