import { openService, type ServiceFixture } from './service-fixture';
import { HOUR, NOW, ordinary, SPARK, spark } from './header-sets';
import { usageBody } from './usage-body';
import { json } from './usage-upstream';

let quota: ServiceFixture;
beforeEach(async () => {
  quota = await openService();
  await quota.add('a');
});
afterEach(async () => {
  await quota.close();
});

const verdict = (model: string | null = null) => quota.service.verdict('a', model, quota.clock.nowMs);

test('a restart knows the last state: limits, further limits, credits, plan and refusals', async () => {
  quota.upstream.on(
    'a',
    json(usageBody(10, 10, { credits: { has_credits: true, unlimited: false, balance: '9.99' } })),
  );
  await quota.service.refreshUsage('a');
  quota.service.noteHeaders('a', [...ordinary(100, 40), ...spark(100, 5)]);
  const before = await quota.service.quota('a');
  await quota.service.close();
  await quota.reopen();
  const after = await quota.service.quota('a');
  const { raw: _raw, poll: _poll, ...kept } = before;
  expect(after).toMatchObject(kept);
  expect(verdict(SPARK)).toMatchObject({ kind: 'limited', untilMs: NOW + HOUR });
  expect(after.raw).toEqual([]);
});

test('what changed is stored within the interval of the job, so that a kill loses little', async () => {
  quota.service.noteHeaders('a', ordinary(100, 40));
  await quota.jobs.run('quota_store');
  await quota.reopen();
  expect(verdict()).toMatchObject({ kind: 'limited', untilMs: NOW + 2 * HOUR });
});

test('a limit that passed while the process was down is over', async () => {
  quota.service.noteHeaders('a', ordinary(100, 40));
  await quota.service.close();
  quota.clock.nowMs += 3 * HOUR;
  await quota.reopen();
  expect(verdict()).toEqual({ kind: 'usable' });
});

test.each(['no JSON', '{"version":99}', '{"version":1,"families":[{}]}', 'null'])(
  'a stored state %j that cannot be read is left out and told',
  async (snapshot) => {
    await quota.database.write.transaction(async (trx) => {
      await trx('quota_snapshots').insert({ account_id: 'a', node_id: 'n', snapshot, updated_at_ms: NOW });
    });
    await quota.reopen();
    expect(verdict()).toEqual({ kind: 'unknown' });
    expect(quota.logger.lines.map(({ event }) => event)).toContain('quota_snapshot_unreadable');
  },
);

test('an account that is removed is forgotten, and late words on it are not stored', async () => {
  await quota.add('b');
  quota.service.noteHeaders('a', ordinary(100, 40));
  quota.service.noteHeaders('b', ordinary(1, 1));
  await quota.jobs.run('quota_store');
  await quota.remove('a');
  quota.service.noteHeaders('a', ordinary(100, 41));
  quota.service.noteHeaders('b', ordinary(2, 2));
  await quota.jobs.run('quota_store');
  expect(verdict()).toEqual({ kind: 'unknown' });
  expect(await quota.database.read('quota_snapshots').select('account_id')).toEqual([{ account_id: 'b' }]);
  expect(quota.logger.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
});

test('no token and no address of a person is stored', async () => {
  quota.upstream.on('a', json(usageBody(1, 1, { email: 'someone@example.test', user_id: 'user-123' })));
  await quota.service.refreshUsage('a');
  const [row] = await quota.database.read<{ snapshot: string }>('quota_snapshots').select('snapshot');
  expect(row?.snapshot).not.toMatch(/someone|user-123|workspace-a/);
});
