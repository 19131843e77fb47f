import fc from 'fast-check';
import { HeaderMemory, HeaderReader } from '../../../sidecar/quota/header-report';
import {
  A_WEEK,
  DAY,
  FIVE_HOURS,
  HOUR,
  NO_CREDITS,
  NO_WINDOW,
  NOW,
  ordinary,
  slot,
  spark,
  THIRTY_DAYS,
} from './header-sets';

const read = (headers: readonly string[]) => new HeaderReader().read(headers, NOW);

test('five hours and a week', () => {
  expect(read(ordinary())).toEqual({
    source: 'headers',
    observedAtMs: NOW,
    planType: 'pro',
    credits: { hasCredits: false, unlimited: false, balance: '0' },
    spendingStopped: null,
    complete: false,
    families: [
      {
        id: 'codex',
        name: null,
        complete: true,
        reached: null,
        windows: [
          { class: 'short', usedPercent: 22, windowSeconds: 18_000, resetAtMs: NOW + 2 * HOUR },
          { class: 'weekly', usedPercent: 10, windowSeconds: 604_800, resetAtMs: NOW + 3 * DAY },
        ],
      },
    ],
  });
});

test('a week in primary and zeros in secondary is one weekly window', () => {
  const headers = [
    ...slot('primary', { percent: 22, minutes: A_WEEK, resetsInMs: DAY }),
    ...slot('secondary', NO_WINDOW),
  ];
  expect(read(headers)?.families).toMatchObject([{ complete: true, windows: [{ class: 'weekly', usedPercent: 22 }] }]);
});

test("the free plan's month in primary is a monthly window", () => {
  const headers = slot('primary', { percent: 40, minutes: THIRTY_DAYS, resetsInMs: 10 * DAY });
  expect(read(headers)?.families).toMatchObject([{ complete: false, windows: [{ class: 'monthly' }] }]);
});

test('names in any case, and booleans as Python writes them', () => {
  const headers = ['X-Codex-Credits-Has-Credits', 'True', 'X-Codex-Credits-Unlimited', 'False'];
  expect(read([...headers, 'X-Codex-Credits-Balance', '9.99'])?.credits).toEqual({
    hasCredits: true,
    unlimited: false,
    balance: '9.99',
  });
});

test('a further limit has its own windows and name', () => {
  const report = read([...ordinary(), ...spark(77, 5)]);
  expect(report?.families).toMatchObject([
    { id: 'codex', windows: [{ usedPercent: 22 }, { usedPercent: 10 }] },
    {
      id: 'codex_bengalfox',
      name: 'GPT-5.3-Codex-Spark',
      windows: [
        { class: 'short', usedPercent: 77 },
        { class: 'weekly', usedPercent: 5 },
      ],
    },
  ]);
});

describe('on a turn that was charged to a further limit, the headers without infix are that limit', () => {
  const charged = ['x-codex-active-limit', 'codex_bengalfox'];
  const copy = slot('primary', { percent: 77, minutes: FIVE_HOURS, resetsInMs: HOUR });

  test('which its own headers say as well', () => {
    expect(read([...charged, ...copy, ...spark(77, 5)])?.families.map(({ id }) => id)).toEqual(['codex_bengalfox']);
  });

  test('or nobody else says', () => {
    expect(read([...charged, ...copy])?.families).toMatchObject([
      { id: 'codex_bengalfox', windows: [{ usedPercent: 77 }] },
    ]);
  });

  test('also when it is named without its prefix', () => {
    const named = ['x-codex-active-limit', 'bengalfox'];
    expect(read([...named, ...copy, ...spark(77, 5)])?.families.map(({ id }) => id)).toEqual(['codex_bengalfox']);
  });
});

test.each(['codex', 'premium', 'something_new', ''])('active limit "%s" is the account itself', (name) => {
  const report = read(['x-codex-active-limit', name, ...slot('primary', { percent: 5, minutes: 300 })]);
  expect(report?.families.map(({ id }) => id)).toEqual(['codex']);
});

test('an answer without limits says nothing', () => {
  expect(
    read(['content-type', 'application/json', 'x-codex-turn-state', 'abc', 'x-codex-promo-message', 'Hi']),
  ).toBeNull();
});

describe('whether headers are news', () => {
  test('the same ones are none, although the seconds until the reset count down', () => {
    const reader = new HeaderReader();
    const memory = new HeaderMemory();
    expect(reader.hasNews(ordinary(), memory)).toBe(true);
    expect(reader.hasNews(ordinary(), memory)).toBe(false);
    const later = ordinary().map((value, i, all) => (all[i - 1]?.endsWith('after-seconds') === true ? '1' : value));
    expect(later).not.toEqual(ordinary());
    expect(reader.hasNews(later, memory)).toBe(false);
  });

  test('another value, one more and one less are', () => {
    const reader = new HeaderReader();
    const memory = new HeaderMemory();
    reader.hasNews(ordinary(), memory);
    expect(reader.hasNews(ordinary(23), memory)).toBe(true);
    expect(reader.hasNews([...ordinary(23), ...spark(1, 1)], memory)).toBe(true);
    expect(reader.hasNews(ordinary(23), memory)).toBe(true);
    expect(reader.hasNews(ordinary(23), memory)).toBe(false);
  });

  test('an answer that says nothing of limits is none', () => {
    const reader = new HeaderReader();
    const memory = new HeaderMemory();
    reader.hasNews(ordinary(), memory);
    expect(reader.hasNews(['content-type', 'text/html'], memory)).toBe(false);
    expect(reader.hasNews(ordinary(), memory)).toBe(false);
  });
});

test('no list of texts makes it throw or leaves a percentage out of bounds', () => {
  const names = [...ordinary(), ...spark(1, 1), ...NO_CREDITS].filter((_, i) => i % 2 === 0);
  const text = fc.oneof(fc.string(), fc.constantFrom(...names), fc.double().map(String), fc.constant('__proto__'));
  const reader = new HeaderReader();
  const memory = new HeaderMemory();
  fc.assert(
    fc.property(fc.array(text, { maxLength: 60 }), (headers) => {
      reader.hasNews(headers, memory);
      reader.charged(headers);
      for (const { windows } of reader.read(headers, NOW)?.families ?? []) {
        for (const { usedPercent } of windows) expect(usedPercent >= 0 && usedPercent <= 100).toBe(true);
      }
    }),
  );
});
