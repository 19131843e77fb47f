import { A, BookFixture } from './book-fixture';
import { DAY, HOUR, MINUTE, NOW, ordinary, SPARK, spark, slot } from './header-sets';
import { sparkLimit, usageBody } from './usage-body';

let quota: BookFixture;
beforeEach(() => {
  quota = new BookFixture();
});

test('a further limit gates the model it names and no other', () => {
  quota.headers([...ordinary(10, 10), ...spark(100, 5)]);
  expect(quota.verdict(SPARK)).toMatchObject({ kind: 'limited', untilMs: NOW + HOUR });
  expect(quota.verdict(`${SPARK}-fast`).kind).toBe('limited');
  for (const model of ['gpt-5.3-codex', 'gpt-5.3-codex-sparkle', null]) {
    expect(quota.verdict(model)).toEqual({ kind: 'usable' });
  }
});

test("the account's own limit does not gate a model that has one of its own", () => {
  quota.headers([...ordinary(100, 10), ...spark(20, 5)]);
  expect(quota.verdict('gpt-5.5').kind).toBe('limited');
  expect(quota.verdict(SPARK)).toEqual({ kind: 'usable' });
});

test("unless such a model was refused for the account's limit: then it needs both", () => {
  quota.headers([...ordinary(100, 10), ...spark(20, 5)]);
  quota.error({ resetsInMs: 2 * HOUR }, ordinary(100, 10), SPARK);
  expect(quota.verdict(SPARK)).toMatchObject({ kind: 'limited', untilMs: NOW + 2 * HOUR });
  quota.later(3 * HOUR);
  expect(quota.verdict(SPARK)).toEqual({ kind: 'usable' });
});

test("a model's refusal for its own limit leaves the account alone", () => {
  quota.headers([...ordinary(10, 10), ...spark(20, 5)]);
  const headers = ['x-codex-active-limit', 'codex_bengalfox', ...slot('primary', { percent: 100, minutes: 300 })];
  quota.error({ resetsInMs: HOUR }, headers, SPARK);
  expect(quota.verdict(SPARK)).toMatchObject({ kind: 'limited', untilMs: NOW + HOUR });
  expect(quota.verdict('gpt-5.5')).toEqual({ kind: 'usable' });
  expect(quota.percents()).toEqual({ short: 10, weekly: 10 });
});

test('without headers a refusal is held against the limit of the model', () => {
  quota.headers([...ordinary(10, 10), ...spark(20, 5)]);
  quota.error({ resetsInMs: HOUR }, [], SPARK);
  expect(quota.verdict(SPARK).kind).toBe('limited');
  expect(quota.verdict('gpt-5.5')).toEqual({ kind: 'usable' });
});

test('turns of such a model do not overwrite the figures of the account', () => {
  quota.headers([...ordinary(55, 40), ...spark(17, 8)]);
  quota.later(MINUTE);
  quota.headers([
    'x-codex-active-limit',
    'codex_bengalfox',
    ...slot('primary', { percent: 22, minutes: 300, resetsInMs: HOUR }),
    ...slot('secondary', { percent: 11, minutes: 10_080, resetsInMs: 2 * DAY }),
    ...spark(22, 11),
  ]);
  expect(quota.percents()).toEqual({ short: 55, weekly: 40 });
  expect(quota.percents('codex_bengalfox')).toEqual({ short: 22, weekly: 11 });
});

test('polls name such limits, too, and one that they no longer name is gone', () => {
  quota.poll(usageBody(10, 10, { additional_rate_limits: [sparkLimit(100)] }));
  expect(quota.verdict(SPARK).kind).toBe('limited');
  quota.later(MINUTE);
  quota.poll(usageBody(10, 10));
  expect(quota.verdict(SPARK)).toEqual({ kind: 'usable' });
  expect(quota.book.snapshot(A).families.map(({ id }) => id)).toEqual(['codex']);
});

test('code reviews gate no model', () => {
  const limit = { allowed: false, limit_reached: true, primary_window: null, secondary_window: null };
  quota.poll(usageBody(10, 10, { code_review_rate_limit: limit }));
  expect(quota.verdict('gpt-5.5')).toEqual({ kind: 'usable' });
});

test('a limit whose name is no model gates nothing', () => {
  const other = { ...sparkLimit(100), limit_name: 'codex_other', metered_feature: 'codex_wombat' };
  quota.poll(usageBody(10, 10, { additional_rate_limits: [other] }));
  for (const model of ['codex_other', 'codex_wombat', SPARK]) expect(quota.verdict(model)).toEqual({ kind: 'usable' });
});
