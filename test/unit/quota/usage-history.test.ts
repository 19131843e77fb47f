import { openService, type ServiceFixture } from './service-fixture';
import { DAY, HOUR, MINUTE, NOW, ordinary, SECOND, spark } from './header-sets';

let quota: ServiceFixture;
beforeEach(async () => {
  quota = await openService();
  await quota.add('a');
});
afterEach(async () => {
  await quota.close();
});

async function observe(shortPercent: number, afterMs: number): Promise<void> {
  quota.clock.nowMs += afterMs;
  quota.service.noteHeaders('a', ordinary(shortPercent, 10));
  await quota.jobs.run('quota_store');
}

async function samples(windowClass = 'short'): Promise<number[]> {
  await quota.database.write.flush();
  const rows = await quota.database
    .read<{ used_percent: number }>('usage_history')
    .where('window_class', windowClass)
    .orderBy('observed_at_ms')
    .select('used_percent');
  return rows.map((row) => row.used_percent);
}

test('a change is sampled, at most every five minutes', async () => {
  await observe(10, 0);
  await observe(11, MINUTE);
  await observe(12, 3 * MINUTE);
  await observe(13, MINUTE);
  await observe(14, 5 * MINUTE);
  expect(await samples()).toEqual([10, 13, 14]);
});

test('what does not change is sampled hourly', async () => {
  for (let i = 0; i <= 130; i++) await observe(10, MINUTE);
  expect(await samples('weekly')).toEqual([10, 10, 10]);
});

test('a sample says which limit, since when and by whom', async () => {
  quota.service.noteHeaders('a', [...ordinary(10, 20), ...spark(30, 40)]);
  await quota.jobs.run('quota_store');
  await quota.database.write.flush();
  const rows = await quota.database.read('usage_history').orderBy(['family', 'used_percent']).select('*');
  expect(rows).toMatchObject([
    {
      account_id: 'a',
      node_id: 'node-1',
      family: 'codex',
      window_class: 'short',
      used_percent: 10,
      window_seconds: 18_000,
      reset_at_ms: NOW + 2 * HOUR,
      observed_at_ms: NOW,
      source: 'headers',
    },
    { family: 'codex', window_class: 'weekly', used_percent: 20 },
    { family: 'codex_bengalfox', window_class: 'short', used_percent: 30 },
    { family: 'codex_bengalfox', window_class: 'weekly', used_percent: 40 },
  ]);
});

test('a restart does not sample the same again', async () => {
  await observe(10, 0);
  await quota.service.close();
  await quota.reopen();
  await observe(10, 10 * MINUTE);
  expect(await samples()).toEqual([10]);
});

test('samples go after 91 days', async () => {
  await observe(10, 0);
  await observe(20, 89 * DAY);
  await quota.database.write.flush();
  await quota.jobs.run('usage_history_retention');
  expect(await samples()).toEqual([10, 20]);
  quota.clock.nowMs += 3 * DAY;
  await quota.jobs.run('usage_history_retention');
  expect(await samples()).toEqual([20]);
});

describe('a trend', () => {
  test('has the highest use of each hour, in the old slots too', async () => {
    await observe(10, 0);
    await observe(30, 10 * MINUTE);
    await observe(20, 10 * MINUTE);
    await observe(5, HOUR);
    expect(await quota.service.usageTrend('a')).toEqual({
      accountId: 'a',
      days: 7,
      by: 'hour',
      points: [
        { atMs: NOW, primaryPercent: 30, secondaryPercent: 10, percents: { short: 30, weekly: 10 } },
        { atMs: NOW + HOUR, primaryPercent: 5, secondaryPercent: 10, percents: { short: 5, weekly: 10 } },
      ],
    });
  });

  test('of more than a week is by the UTC day', async () => {
    await observe(10, 0);
    await observe(30, 11 * HOUR);
    await observe(40, 2 * HOUR);
    const { by, points } = await quota.service.usageTrend('a', 90);
    expect(by).toBe('day');
    expect(points.map(({ atMs, primaryPercent }) => [atMs, primaryPercent])).toEqual([
      [NOW - 12 * HOUR, 30],
      [NOW + 12 * HOUR, 40],
    ]);
  });

  test('sees what was observed just before it was asked for', async () => {
    quota.service.noteHeaders('a', ordinary(77, 10));
    quota.clock.nowMs += SECOND;
    expect((await quota.service.usageTrend('a', 1)).points[0]?.primaryPercent).toBe(77);
  });

  test.each([0, 91, 1.5, NaN])('of %p days is refused', async (days) => {
    await expect(quota.service.usageTrend('a', days)).rejects.toMatchObject({ code: 'invalid_query', param: 'days' });
  });

  test('of nobody is not found', async () => {
    await expect(quota.service.usageTrend('nobody')).rejects.toMatchObject({ code: 'account_not_found' });
  });
});
