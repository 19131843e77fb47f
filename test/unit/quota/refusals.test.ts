import fc from 'fast-check';
import { A, BookFixture } from './book-fixture';
import { DAY, HOUR, MINUTE, NOW, ordinary, SECOND } from './header-sets';
import { usageBody } from './usage-body';

let quota: BookFixture;
beforeEach(() => {
  quota = new BookFixture();
});

test('a refusal fills the window whose reset it names', () => {
  quota.headers(ordinary(80, 90));
  quota.later(SECOND);
  quota.error({ resetsAtMs: NOW + 3 * DAY + SECOND });
  expect(quota.percents()).toEqual({ short: 80, weekly: 100 });
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'weekly', untilMs: NOW + 3 * DAY + SECOND });
});

test('a reset that fits no known one fills the shortest window long enough for it', () => {
  quota.headers(ordinary(80, 90));
  quota.later(SECOND);
  quota.error({ resetsInMs: 4 * HOUR });
  expect(quota.percents()).toEqual({ short: 100, weekly: 90 });
});

test('a refusal without a reset fills the fullest window and keeps its reset', () => {
  quota.headers(ordinary(97, 90));
  quota.later(SECOND);
  quota.error();
  expect(quota.percents()).toEqual({ short: 100, weekly: 90 });
  expect(quota.verdict()).toMatchObject({ class: 'short', untilMs: NOW + 2 * HOUR });
});

test('of an account never seen before the reset is all there is', () => {
  quota.error({ resetsInMs: 2 * DAY, planType: 'Plus' });
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'weekly', untilMs: NOW + 2 * DAY });
  expect(quota.plans).toEqual([['plus', null]]);
});

test('a refusal that says nothing else holds for 15 minutes', () => {
  quota.error();
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'other', untilMs: NOW + 15 * MINUTE });
  quota.later(15 * MINUTE);
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test.each([
  ['more than 366 days away', { resetsAtMs: NOW + 367 * DAY }],
  ['in the past', { resetsAtMs: NOW - HOUR }],
  ['no number', { resetsAtMs: NaN, resetsInMs: Infinity }],
])('a reset %s is none', (_what, facts) => {
  quota.error(facts);
  expect(quota.verdict()).toMatchObject({ untilMs: NOW + 15 * MINUTE });
});

test('the type counts as well as the code', () => {
  quota.error({ code: null, type: 'usage_limit_reached', resetsInMs: HOUR });
  expect(quota.verdict().kind).toBe('limited');
});

test.each(['rate_limit_exceeded', 'server_is_overloaded', 'usage_not_included', null])(
  'an error %s is not about limits, but its headers are read',
  (code) => {
    quota.error({ code, type: null, resetsInMs: HOUR }, ordinary(30, 40));
    expect(quota.verdict()).toEqual({ kind: 'usable' });
    expect(quota.percents()).toEqual({ short: 30, weekly: 40 });
    expect(quota.refused).toEqual([]);
  },
);

test('money that is used up blames no window', () => {
  quota.headers(ordinary(30, 40));
  quota.later(SECOND);
  quota.error({ code: 'billing_hard_limit_reached', type: null });
  expect(quota.percents()).toEqual({ short: 30, weekly: 40 });
  expect(quota.verdict()).toMatchObject({ kind: 'limited', untilMs: NOW + SECOND + 15 * MINUTE });
});

test('a refusal asks for a poll, and the poll that knows better lifts it', () => {
  quota.headers(ordinary(80, 90));
  quota.later(SECOND);
  quota.error({ resetsInMs: 4 * HOUR });
  expect(quota.refused).toEqual([A]);
  quota.later(SECOND);
  quota.poll(usageBody(20, 90));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
  expect(quota.lifted).toEqual([A]);
});

test('a poll that still shows room elsewhere does not lift it', () => {
  quota.headers(ordinary(80, 90));
  quota.later(SECOND);
  quota.error({ resetsInMs: 4 * HOUR });
  quota.later(SECOND);
  quota.event({ rate_limits: { secondary: { used_percent: 90, window_minutes: 10_080 } } });
  expect(quota.verdict()).toMatchObject({ kind: 'limited', class: 'short' });
});

test('headers of the refused answer do not take it back', () => {
  quota.error({ resetsInMs: HOUR }, ordinary(99, 99));
  expect(quota.verdict().kind).toBe('limited');
});

test('no facts and no headers make it throw, and no block outlasts 366 days', () => {
  const number = fc.oneof(fc.double(), fc.constant(null), fc.integer());
  const facts = fc.record({
    code: fc.oneof(fc.string(), fc.constantFrom('usage_limit_reached', 'insufficient_quota', null)),
    type: fc.option(fc.string()),
    planType: fc.option(fc.string()),
    resetsAtMs: number,
    resetsInMs: number,
  });
  fc.assert(
    fc.property(facts, fc.array(fc.string()), fc.option(fc.string()), (error, headers, model) => {
      quota.error(error, headers, model);
      const verdict = quota.verdict(model);
      if (verdict.kind === 'limited') expect(verdict.untilMs - NOW).toBeLessThanOrEqual(366 * DAY);
    }),
  );
});
