import { BookFixture } from './book-fixture';
import { A_WEEK, DAY, HOUR, MINUTE, NOW, NO_WINDOW, ordinary, slot, THIRTY_DAYS } from './header-sets';
import { usageBody, usageWindow } from './usage-body';

let quota: BookFixture;
beforeEach(() => {
  quota = new BookFixture();
});

test('an account of which nothing was said is unknown', () => {
  expect(quota.verdict()).toEqual({ kind: 'unknown' });
});

test('room in every window is usable', () => {
  quota.headers(ordinary(99, 99));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test('a full short window limits until its reset, and then the account is back by itself', () => {
  quota.headers(ordinary(100, 10));
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'short', untilMs: NOW + 2 * HOUR });
  quota.later(2 * HOUR - 1);
  expect(quota.verdict().kind).toBe('limited');
  quota.later(1);
  expect(quota.verdict()).toEqual({ kind: 'usable' });
  expect(quota.percents()).toEqual({ short: 0, weekly: 10 });
});

test('of two full windows the one that ends last counts', () => {
  quota.headers(ordinary(100, 100));
  expect(quota.verdict()).toMatchObject({ class: 'weekly', untilMs: NOW + 3 * DAY });
});

test.each([
  ['weekly', A_WEEK],
  ['monthly', THIRTY_DAYS],
  ['other', 4320],
])('a full %s window in primary limits as such', (windowClass, minutes) => {
  quota.headers([...slot('primary', { percent: 100, minutes, resetsInMs: HOUR }), ...slot('secondary', NO_WINDOW)]);
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: windowClass });
});

test('a full window without a reset is looked at again after 15 minutes', () => {
  quota.headers(slot('primary', { percent: 100, minutes: 300 }));
  expect(quota.verdict()).toMatchObject({ kind: 'limited', untilMs: NOW + 15 * MINUTE });
});

test('upstream may say that a limit is reached before any window is full', () => {
  quota.poll(
    usageBody(99, 10, {
      rate_limit: {
        allowed: false,
        limit_reached: true,
        primary_window: usageWindow(99, 18_000, HOUR),
        secondary_window: null,
      },
    }),
  );
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'short', untilMs: NOW + HOUR });
  quota.later(MINUTE);
  quota.headers(ordinary(99, 10));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test('an account without any limit of its own is usable', () => {
  quota.poll(usageBody(0, 0, { rate_limit: null }));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test('a window that a complete message does not mention is gone', () => {
  quota.headers(ordinary(100, 10));
  quota.later(MINUTE);
  quota.headers([
    ...slot('primary', { percent: 11, minutes: A_WEEK, resetsInMs: DAY }),
    ...slot('secondary', NO_WINDOW),
  ]);
  expect(quota.percents()).toEqual({ weekly: 11 });
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test('when staff resets the usage, the next poll opens the account at once and says so', () => {
  quota.headers(ordinary(10, 100));
  quota.later(MINUTE);
  quota.poll(usageBody(0, 0));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
  expect(quota.lifted).toHaveLength(1);
});

test('a limit that passes by itself is not announced as lifted', () => {
  quota.headers(ordinary(100, 10));
  quota.later(3 * HOUR);
  quota.headers(ordinary(1, 10));
  expect(quota.lifted).toEqual([]);
});

test('after the clock was set back, what is said next still counts', () => {
  quota.headers(ordinary(100, 10));
  quota.later(-DAY);
  quota.poll(usageBody(5, 5));
  expect(quota.percents()).toEqual({ short: 5, weekly: 5 });
});

test('a plan is told when it is first seen and when it changes', () => {
  quota.headers(ordinary());
  quota.later(MINUTE);
  quota.poll(usageBody(1, 1));
  quota.later(MINUTE);
  quota.poll(usageBody(1, 1, { plan_type: 'plus' }));
  expect(quota.plans).toEqual([
    ['pro', null],
    ['plus', 'pro'],
  ]);
});
