import fc from 'fast-check';
import { readEvent, readUsage } from '../../../sidecar/quota/json-report';
import { DAY, HOUR, NOW, unixAfter } from './header-sets';

const window = (usedPercent: number, seconds: number, resetsInMs: number) => ({
  used_percent: usedPercent,
  limit_window_seconds: seconds,
  reset_after_seconds: resetsInMs / 1000,
  reset_at: unixAfter(resetsInMs),
});

const usage = {
  plan_type: 'Pro',
  rate_limit: {
    allowed: true,
    limit_reached: false,
    primary_window: window(12, 18_000, HOUR),
    secondary_window: window(2, 604_800, DAY),
  },
  code_review_rate_limit: {
    allowed: true,
    limit_reached: false,
    primary_window: window(9, 604_800, DAY),
    secondary_window: null,
  },
  credits: { has_credits: true, unlimited: false, balance: '9.99', approx_local_messages: [1, 6] },
  additional_rate_limits: [
    {
      limit_name: 'codex_other',
      metered_feature: 'codex_bengalfox',
      rate_limit: {
        allowed: false,
        limit_reached: true,
        primary_window: window(100, 18_000, HOUR),
        secondary_window: null,
      },
    },
    { limit_name: 'no feature, no limit' },
    'garbage',
  ],
  spend_control: { reached: false },
};

test('the usage answer names everything there is', () => {
  expect(readUsage(usage, NOW)).toEqual({
    source: 'poll',
    observedAtMs: NOW,
    planType: 'pro',
    credits: { hasCredits: true, unlimited: false, balance: '9.99' },
    spendingStopped: false,
    complete: true,
    families: [
      {
        id: 'codex',
        name: null,
        complete: true,
        reached: false,
        windows: [
          { class: 'short', usedPercent: 12, windowSeconds: 18_000, resetAtMs: NOW + HOUR },
          { class: 'weekly', usedPercent: 2, windowSeconds: 604_800, resetAtMs: NOW + DAY },
        ],
      },
      {
        id: 'code_review',
        name: null,
        complete: true,
        reached: false,
        windows: [{ class: 'weekly', usedPercent: 9, windowSeconds: 604_800, resetAtMs: NOW + DAY }],
      },
      {
        id: 'codex_bengalfox',
        name: 'codex_other',
        complete: true,
        reached: true,
        windows: [{ class: 'short', usedPercent: 100, windowSeconds: 18_000, resetAtMs: NOW + HOUR }],
      },
    ],
  });
});

test('numbers as text, credits as numbers and fractions are read', () => {
  const report = readUsage(
    {
      rate_limit: { primary_window: { used_percent: '22.5', limit_window_seconds: '18000', reset_at: NOW + HOUR } },
      credits: { has_credits: true, balance: 12.5 },
    },
    NOW,
  );
  expect(report?.credits).toEqual({ hasCredits: true, unlimited: false, balance: '12.5' });
  expect(report?.families).toMatchObject([
    { complete: false, windows: [{ usedPercent: 22.5, resetAtMs: NOW + HOUR }] },
  ]);
});

test('a further limit cannot pass for the account', () => {
  const additional_rate_limits = [{ limit_name: 'x', metered_feature: 'codex', rate_limit: usage.rate_limit }];
  expect(readUsage({ ...usage, additional_rate_limits }, NOW)?.families.map(({ id }) => id)).toEqual([
    'codex',
    'code_review',
  ]);
});

test.each([null, [], 'text', 7, {}, { error: { message: 'no' } }])('%j is no usage answer', (value) => {
  expect(readUsage(value, NOW)).toBeNull();
});

const event = {
  type: 'codex.rate_limits',
  plan_type: 'team',
  rate_limits: {
    allowed: true,
    limit_reached: false,
    primary: { used_percent: 53, window_minutes: 300, reset_after_seconds: 3600, reset_at: unixAfter(HOUR) },
    secondary: null,
  },
  code_review_rate_limits: null,
  additional_rate_limits: null,
  credits: null,
};

test('an event speaks of one limit, and of both its slots', () => {
  expect(readEvent(event, NOW)).toMatchObject({
    source: 'event',
    planType: 'team',
    credits: null,
    complete: false,
    families: [
      {
        id: 'codex',
        complete: true,
        reached: false,
        windows: [{ class: 'short', usedPercent: 53, resetAtMs: NOW + HOUR }],
      },
    ],
  });
});

test.each([
  [{ metered_limit_name: 'codex_bengalfox' }, 'codex_bengalfox'],
  [{ limit_name: 'codex-bengalfox' }, 'codex_bengalfox'],
  [{ metered_limit_name: 'premium' }, 'codex'],
])('an event named %j is about %s', (name, id) => {
  expect(readEvent({ ...event, ...name }, NOW)?.families[0]?.id).toBe(id);
});

test('an event may bring further limits as a list or by name', () => {
  const limit = { primary: { used_percent: 9, window_minutes: 300 }, secondary: null };
  const list = [{ metered_feature: 'codex_bengalfox', rate_limit: limit }];
  const byName = { codex_bengalfox: limit };
  for (const additional_rate_limits of [list, byName]) {
    const report = readEvent({ ...event, additional_rate_limits }, NOW);
    expect(report?.families.map(({ id }) => id)).toEqual(['codex', 'codex_bengalfox']);
  }
});

test('other events are none', () => {
  expect(readEvent({ ...event, type: 'response.completed' }, NOW)).toBeNull();
});

test('no JSON makes the readers throw or leaves a percentage out of bounds', () => {
  const leaf = fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom('__proto__', '1e999', 'True', '', -1, 1e300));
  const slots = fc.record(
    { used_percent: leaf, window_minutes: leaf, limit_window_seconds: leaf, reset_at: leaf, reset_after_seconds: leaf },
    { requiredKeys: [] },
  );
  const limit = fc.oneof(
    leaf,
    fc.record({ primary: slots, primary_window: slots, secondary: leaf, allowed: leaf }, { requiredKeys: [] }),
  );
  const message = fc.record(
    {
      type: fc.oneof(fc.constant('codex.rate_limits'), leaf),
      plan_type: leaf,
      rate_limit: limit,
      rate_limits: limit,
      credits: leaf,
      additional_rate_limits: fc.oneof(leaf, fc.array(fc.record({ metered_feature: leaf, rate_limit: limit }))),
      metered_limit_name: leaf,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(message, fc.jsonValue(), fc.anything()), (value) => {
      for (const report of [readEvent(value, NOW), readUsage(value, NOW)]) {
        for (const { windows } of report?.families ?? []) {
          for (const { usedPercent } of windows) expect(usedPercent >= 0 && usedPercent <= 100).toBe(true);
        }
      }
    }),
  );
});
