import { openService, type ServiceFixture } from './service-fixture';
import { A_WEEK, DAY, HOUR, NOW, ordinary, slot, spark, unixAfter } from './header-sets';
import { usageBody } from './usage-body';
import { json } from './usage-upstream';

let quota: ServiceFixture;
beforeEach(async () => {
  quota = await openService();
});
afterEach(async () => {
  await quota.close();
});

const headersNow = (): Record<string, string> => {
  const list = quota.service.pooledHeaders(quota.clock.nowMs);
  return Object.fromEntries(list.flatMap((name, i) => (i % 2 === 0 ? [[name, list[i + 1] ?? '']] : [])));
};

async function addWith(id: string, headers: readonly string[]): Promise<void> {
  await quota.add(id);
  quota.service.noteHeaders(id, headers);
}

test('of every class the best that an account has left', async () => {
  await addWith('a', ordinary(80, 10));
  await addWith('b', ordinary(30, 60));
  expect(headersNow()).toEqual({
    'x-codex-primary-used-percent': '30.0',
    'x-codex-primary-window-minutes': '300',
    'x-codex-primary-reset-at': String(unixAfter(2 * HOUR)),
    'x-codex-secondary-used-percent': '10.0',
    'x-codex-secondary-window-minutes': '10080',
    'x-codex-secondary-reset-at': String(unixAfter(3 * DAY)),
    'x-codex-credits-has-credits': 'false',
    'x-codex-credits-unlimited': 'false',
  });
});

test('an account whose limits are reached, or that is out of rotation, has no say', async () => {
  await addWith('full', ordinary(0, 100));
  await addWith('a', ordinary(70, 60));
  await quota.add('paused', { isUsable: false });
  quota.service.noteHeaders('paused', ordinary(1, 1));
  expect(headersNow()).toMatchObject({
    'x-codex-primary-used-percent': '70.0',
    'x-codex-secondary-used-percent': '60.0',
  });
});

test('an exhausted pool shows the account that is back first', async () => {
  await addWith('weekly', ordinary(10, 100));
  await addWith('short', ordinary(100, 40));
  expect(headersNow()).toMatchObject({
    'x-codex-primary-used-percent': '100.0',
    'x-codex-primary-reset-at': String(unixAfter(2 * HOUR)),
    'x-codex-secondary-used-percent': '40.0',
  });
  expect(quota.service.pooledUsage(NOW).rate_limit).toMatchObject({ allowed: false, limit_reached: true });
});

test('a single window stands in primary, whatever its length', async () => {
  await addWith('a', slot('secondary', { percent: 22, minutes: A_WEEK, resetsInMs: DAY }));
  const { 'x-codex-primary-window-minutes': minutes, ...rest } = headersNow();
  expect(minutes).toBe('10080');
  expect(Object.keys(rest).filter((name) => name.includes('secondary'))).toEqual([]);
});

test('a pool of which nothing is known says nothing', async () => {
  await quota.add('a');
  expect(quota.service.pooledHeaders(NOW)).toEqual([]);
  expect(quota.service.pooledUsage(NOW)).toEqual({
    plan_type: 'pro',
    rate_limit: null,
    code_review_rate_limit: null,
    credits: null,
    additional_rate_limits: [],
  });
});

test('an empty pool allows nothing', () => {
  expect(quota.service.pooledUsage(NOW)).toMatchObject({
    plan_type: 'guest',
    rate_limit: { allowed: false, limit_reached: true, primary_window: null, secondary_window: null },
  });
});

test('the headers are put together at most once a second', async () => {
  await addWith('a', ordinary(10, 10));
  const first = quota.service.pooledHeaders(NOW);
  quota.service.noteHeaders('a', ordinary(50, 10));
  expect(quota.service.pooledHeaders(NOW + 999)).toBe(first);
  expect(quota.service.pooledHeaders(NOW + 1000)).not.toBe(first);
  expect(quota.service.pooledHeaders(NOW + 1000)[1]).toBe('50.0');
  expect(quota.service.pooledHeaders(NOW)[1]).toBe('50.0');
});

test('credits of any account are the credits of the pool, and balances are added up', async () => {
  const credits = (balance: string | null) => ({ credits: { has_credits: true, unlimited: false, balance } });
  for (const [id, balance] of Object.entries({ a: '9.99', b: '0.5', c: null })) {
    await quota.add(id);
    quota.upstream.on(id, json(usageBody(100, 100, credits(balance))));
    await quota.service.refreshUsage(id);
  }
  expect(headersNow()).toMatchObject({
    'x-codex-credits-has-credits': 'true',
    'x-codex-credits-unlimited': 'false',
    'x-codex-credits-balance': '10.49',
  });
  expect(quota.service.pooledUsage(NOW)).toMatchObject({
    rate_limit: { allowed: true },
    credits: { has_credits: true, balance: '10.49', approx_local_messages: null },
  });
});

test('the usage answer has the shape that clients read: four integers per window', async () => {
  await addWith('a', [...ordinary(99.6, 10.4), ...spark(40, 5)]);
  await addWith('b', slot('primary', { percent: 100, minutes: 300 }));
  expect(quota.service.pooledUsage(NOW)).toEqual({
    plan_type: 'pro',
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: {
        used_percent: 99,
        limit_window_seconds: 18_000,
        reset_after_seconds: 7200,
        reset_at: unixAfter(2 * HOUR),
      },
      secondary_window: {
        used_percent: 10,
        limit_window_seconds: 604_800,
        reset_after_seconds: 259_200,
        reset_at: unixAfter(3 * DAY),
      },
    },
    code_review_rate_limit: null,
    credits: {
      has_credits: false,
      unlimited: false,
      balance: null,
      approx_local_messages: null,
      approx_cloud_messages: null,
    },
    additional_rate_limits: [
      {
        limit_name: 'GPT-5.3-Codex-Spark',
        metered_feature: 'codex_bengalfox',
        rate_limit: expect.objectContaining({ allowed: true }) as unknown,
      },
    ],
  });
});

test('a window whose reset is not known lies wholly ahead', async () => {
  await addWith('a', slot('primary', { percent: 0, minutes: 300 }));
  expect(quota.service.pooledUsage(NOW).rate_limit?.primary_window).toMatchObject({
    used_percent: 0,
    reset_after_seconds: 18_000,
    reset_at: unixAfter(5 * HOUR),
  });
});

test.each([
  [['plus', 'plus'], 'plus'],
  [['plus', 'pro'], 'mixed'],
])('plans %j are %s', async (plans, expected) => {
  for (const [i, planType] of plans.entries()) await quota.add(`account-${String(i)}`, { planType });
  expect(quota.service.pooledUsage(NOW).plan_type).toBe(expected);
});
