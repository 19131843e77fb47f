import { A, BookFixture } from './book-fixture';
import { MINUTE, NOW, ordinary, slot } from './header-sets';
import { usageBody } from './usage-body';

let quota: BookFixture;
beforeEach(() => {
  quota = new BookFixture();
});

const credits = (balance: string | null, unlimited = false) => ({
  credits: { has_credits: true, unlimited, balance },
});

test.each([
  ['a balance', credits('9.99')],
  ['a balance that is not told', credits(null)],
  ['no end', { credits: { has_credits: false, unlimited: true, balance: '0' } }],
])('credits with %s keep a full account usable', (_what, more) => {
  quota.poll(usageBody(100, 100, more));
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});

test('no credits, or a balance of zero, do not', () => {
  quota.poll(usageBody(100, 10, credits('0')));
  expect(quota.verdict().kind).toBe('limited');
  quota.later(MINUTE);
  quota.poll(usageBody(100, 10, { credits: null }));
  expect(quota.verdict().kind).toBe('limited');
});

test("credits do not help when the workspace's spending is stopped", () => {
  quota.poll(usageBody(100, 10, { ...credits('9.99'), spend_control: { reached: true } }));
  expect(quota.verdict().kind).toBe('limited');
});

test('an account that has nothing but credits is usable', () => {
  quota.headers([
    ...slot('primary', { percent: 0, minutes: 0 }),
    ...slot('secondary', { percent: 0, minutes: 0 }),
    'x-codex-credits-has-credits',
    'True',
    'x-codex-credits-unlimited',
    'False',
    'x-codex-credits-balance',
    '9.99',
  ]);
  expect(quota.verdict()).toEqual({ kind: 'usable' });
  expect(quota.book.snapshot(A).families[0]?.windows).toEqual([]);
});

test('an account that is refused despite its credits rests, and is tried again after 15 minutes', () => {
  quota.poll(usageBody(100, 10, credits('9.99')));
  quota.later(MINUTE);
  quota.error({}, ordinary(100, 10));
  expect(quota.verdict().kind).toBe('limited');
  quota.later(MINUTE);
  quota.poll(usageBody(100, 10, credits('9.99')));
  expect(quota.verdict()).toMatchObject({ kind: 'limited', untilMs: NOW + 16 * MINUTE });
  quota.later(15 * MINUTE);
  expect(quota.verdict()).toEqual({ kind: 'usable' });
});
