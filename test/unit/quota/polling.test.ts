import { openService, type ServiceFixture } from './service-fixture';
import { HOUR, MINUTE, NOW, ordinary, SECOND } from './header-sets';
import { usageBody } from './usage-body';
import { json, silence } from './usage-upstream';

let quota: ServiceFixture;
beforeEach(async () => {
  quota = await openService();
});
afterEach(async () => {
  await quota.close();
});

const tokens = (): string[] => quota.upstream.seen.map(({ token }) => token);

/** Lets the clock go on and polls what is due. */
async function after(ms: number): Promise<void> {
  quota.clock.nowMs += ms;
  await quota.jobs.run('usage_poll');
}

test('every account with a living login is asked soon after it is seen, limited ones too, and then once a minute', async () => {
  for (const id of ['a', 'b', 'c']) {
    await quota.add(id, { isUsable: id !== 'b' });
    quota.upstream.on(id, json(usageBody(5, 5)));
  }
  await quota.add('paused', { isMember: false });
  await after(0);
  await after(10 * SECOND);
  expect(tokens().sort()).toEqual(['a', 'b', 'c']);
  await after(50 * SECOND);
  await after(20 * SECOND);
  expect(tokens().sort()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
});

test('the first polls are spread, not all at once', async () => {
  const ids = Array.from({ length: 40 }, (_, i) => `account-${String(i)}`);
  for (const id of ids) {
    await quota.add(id);
    quota.upstream.on(id, json(usageBody(5, 5)));
  }
  await after(0);
  const steps: number[] = [];
  for (let i = 0; i < 10; i++) {
    const before = quota.upstream.seen.length;
    await after(SECOND);
    steps.push(quota.upstream.seen.length - before);
  }
  expect(quota.upstream.seen).toHaveLength(40);
  expect(Math.max(...steps)).toBeLessThan(20);
});

test('at most two calls are under way, and a silent account does not stop the others', async () => {
  for (const id of ['silent', 'b', 'c', 'd', 'e', 'f']) {
    await quota.add(id);
    quota.upstream.on(id, id === 'silent' ? silence : json(usageBody(5, 5)));
  }
  await after(0);
  await after(10 * SECOND);
  expect(tokens().sort()).toEqual(['b', 'c', 'd', 'e', 'f', 'silent']);
  expect(quota.mostCalls()).toBe(2);
});

test('an account that fails is asked less and less, and told once', async () => {
  await quota.add('a');
  quota.upstream.on('a', json({}, 500));
  await after(0);
  const askedAtMs: number[] = [];
  for (let seconds = 0; seconds < 4000; seconds += 5) {
    const before = quota.upstream.seen.length;
    await after(5 * SECOND);
    if (quota.upstream.seen.length > before) askedAtMs.push(quota.clock.nowMs);
  }
  const pauses = askedAtMs.slice(1).map((atMs, i) => Math.round((atMs - (askedAtMs[i] ?? 0)) / MINUTE));
  expect(pauses.slice(0, 4)).toEqual([
    expect.closeTo(1, 0),
    expect.closeTo(2, 0),
    expect.closeTo(4, 0),
    expect.closeTo(8, 0),
  ]);
  expect(quota.logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('retry-after is honoured', async () => {
  await quota.add('a');
  quota.upstream.on('a', json({}, 429, { 'retry-after': '600' }));
  await after(0);
  await after(10 * SECOND);
  await after(8 * MINUTE);
  expect(quota.upstream.seen).toHaveLength(1);
  await after(4 * MINUTE);
  expect(quota.upstream.seen).toHaveLength(2);
});

test('a limited account is asked right after its reset', async () => {
  await quota.reopen({ usage: { timeoutMs: 300, pollIntervalMs: 10 * HOUR } });
  await quota.add('a');
  quota.upstream.on('a', json(usageBody(100, 5)));
  await after(0);
  await after(10 * SECOND);
  await after(2 * HOUR - 20 * SECOND);
  expect(quota.upstream.seen).toHaveLength(1);
  await after(20 * SECOND);
  expect(quota.upstream.seen).toHaveLength(2);
});

test('a refused turn brings the next poll forward', async () => {
  await quota.reopen({ usage: { timeoutMs: 300, pollIntervalMs: 10 * HOUR } });
  await quota.add('a');
  quota.upstream.on('a', json(usageBody(50, 5)));
  await after(0);
  await after(10 * SECOND);
  await after(MINUTE);
  expect(quota.upstream.seen).toHaveLength(1);
  const error = { code: 'usage_limit_reached', type: null, planType: null, resetsAtMs: null, resetsInMs: null };
  quota.service.noteError('a', error, { headers: ordinary(100, 5), model: null });
  await after(5 * SECOND);
  expect(quota.upstream.seen).toHaveLength(2);
  expect(quota.service.verdict('a', null, quota.clock.nowMs)).toEqual({ kind: 'usable' });
  expect(quota.news).toContain('lifted a');
});

test('a token that upstream refuses is replaced on the way', async () => {
  await quota.add('a');
  quota.upstream.on('a2', json(usageBody(5, 5)));
  await after(0);
  await after(10 * SECOND);
  expect(tokens()).toEqual(['a', 'a2']);
  expect(quota.service.verdict('a', null, NOW).kind).toBe('usable');
});

test('a deactivated account is told and then left alone with back-off', async () => {
  await quota.add('a');
  quota.upstream.on('a', json({ error: { code: 'account_deactivated' } }, 403));
  await after(0);
  await after(10 * SECOND);
  expect(quota.news).toEqual(['deactivated a account_deactivated']);
});

test('what was polled shortly before a restart is not asked for at once', async () => {
  await quota.add('a');
  quota.upstream.on('a', json(usageBody(5, 5)));
  await after(0);
  await after(10 * SECOND);
  await quota.service.close();
  await quota.reopen();
  await after(0);
  await after(10 * SECOND);
  expect(quota.upstream.seen).toHaveLength(1);
  await after(60 * SECOND);
  expect(quota.upstream.seen).toHaveLength(2);
});

test('a clock that is set back does not silence the poller', async () => {
  await quota.add('a');
  quota.upstream.on('a', json(usageBody(5, 5)));
  await after(0);
  await after(10 * SECOND);
  await after(-48 * HOUR);
  expect(quota.upstream.seen).toHaveLength(2);
});

test('stopping ends calls that are under way', async () => {
  await quota.add('a');
  const asked = new Promise<void>((resolve) => quota.upstream.on('a', () => resolve()));
  await quota.jobs.run('usage_poll');
  quota.clock.nowMs += 10 * SECOND;
  const polling = quota.jobs.run('usage_poll');
  await asked;
  await quota.service.close();
  await polling;
  expect(quota.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
