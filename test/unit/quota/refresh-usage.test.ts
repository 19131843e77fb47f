import { openService, type ServiceFixture } from './service-fixture';
import { DAY, HOUR, NOW } from './header-sets';
import { usageBody } from './usage-body';
import { json, silence } from './usage-upstream';

let quota: ServiceFixture;
beforeEach(async () => {
  quota = await openService();
  await quota.add('a');
});
afterEach(async () => {
  await quota.close();
});

test('asks with the login of the account and stores what upstream says', async () => {
  quota.upstream.on('a', json(usageBody(100, 40)));
  await quota.service.refreshUsage('a');
  expect(quota.upstream.seen).toMatchObject([
    {
      url: '/backend-api/wham/usage',
      token: 'a',
      headers: { accept: 'application/json', 'chatgpt-account-id': 'workspace-a', 'user-agent': 'tightrope/test' },
    },
  ]);
  expect(quota.service.verdict('a', null, NOW)).toMatchObject({ kind: 'limited', class: 'short' });
  expect(quota.service.shown('a', NOW).figures).toEqual({
    windows: [
      {
        class: 'short',
        usedPercent: 100,
        windowSeconds: 18_000,
        resetAtMs: NOW + 2 * HOUR,
        source: 'poll',
        observedAtMs: NOW,
      },
      {
        class: 'weekly',
        usedPercent: 40,
        windowSeconds: 604_800,
        resetAtMs: NOW + 3 * DAY,
        source: 'poll',
        observedAtMs: NOW,
      },
    ],
    quotaPrimaryPercent: 100,
    quotaSecondaryPercent: 40,
    quotaPrimaryWindowSeconds: 18_000,
    quotaSecondaryWindowSeconds: 604_800,
    quotaPrimaryResetAtMs: NOW + 2 * HOUR,
    quotaSecondaryResetAtMs: NOW + 3 * DAY,
    usageTelemetryRefreshedAtMs: NOW,
  });
  expect(await quota.database.read('quota_snapshots').select('account_id', 'node_id')).toEqual([
    { account_id: 'a', node_id: 'node-1' },
  ]);
});

test('leaves the workspace header out where there is none to send', async () => {
  await quota.add('b', { chatgptAccountId: null });
  quota.upstream.on('b', json(usageBody(1, 1)));
  await quota.service.refreshUsage('b');
  expect(quota.upstream.seen[0]?.headers).not.toHaveProperty('chatgpt-account-id');
});

test('a 401 replaces the token once and asks again', async () => {
  quota.upstream.on('a2', json(usageBody(5, 5)));
  await quota.service.refreshUsage('a');
  expect(quota.upstream.seen.map(({ token }) => token)).toEqual(['a', 'a2']);
  expect(quota.replaced).toEqual(['a']);
});

test('a second 401 fails and says that a login is needed', async () => {
  const body = { error: { code: 'token_invalidated', message: 'Please try signing in again.' } };
  quota.upstream.on('a', json(body, 401));
  quota.upstream.on('a2', json(body, 401));
  await expect(quota.service.refreshUsage('a')).rejects.toMatchObject({
    code: 'usage_refresh_failed',
    status: 502,
    message: expect.stringMatching(/a@example\.test.*HTTP 401 code=token_invalidated Please try/) as unknown,
    details: { upstreamStatus: 401, upstreamCode: 'token_invalidated', authRequired: true },
  });
  expect(quota.upstream.seen).toHaveLength(2);
});

test.each([
  [401, { error: { code: 'account_deactivated', message: 'gone' } }, 'account_deactivated'],
  [403, { detail: 'Your account has been deactivated.' }, 'account_deactivated'],
])('a %i that says deactivated is a verdict, not a failure, and costs no refresh token', async (status, body, code) => {
  quota.upstream.on('a', json(body, status));
  await quota.service.refreshUsage('a');
  expect(quota.news).toEqual([`deactivated a ${code}`]);
  expect(quota.replaced).toEqual([]);
});

test.each([
  [
    '402 of a workspace that comes and goes',
    json({ detail: { code: 'deactivated_workspace' } }, 402),
    402,
    'deactivated_workspace',
  ],
  ['plain 403', json('<html>blocked</html>', 403), 403, 'http_403'],
  ['500', json({ error: { message: 'oops' } }, 500), 500, 'http_500'],
  ['redirect', json('', 302, { location: 'https://elsewhere.test/' }), 302, 'http_302'],
  ['page instead of JSON', json('<html></html>'), null, 'upstream_error'],
  ['JSON without limits', json({ ok: true }), 200, 'upstream_error'],
  ['answer without end', silence, null, 'upstream_unavailable'],
  ['answer of two megabytes', json(`{"plan_type":"${'x'.repeat(2_000_000)}"}`), null, 'upstream_response_too_large'],
])('fails on a %s', async (_what, reply, upstreamStatus, upstreamCode) => {
  quota.upstream.on('a', reply);
  await expect(quota.service.refreshUsage('a')).rejects.toMatchObject({
    code: 'usage_refresh_failed',
    details: { upstreamStatus, upstreamCode, authRequired: false },
  });
  expect(quota.news).toEqual([]);
  expect(quota.service.verdict('a', null, NOW)).toEqual({ kind: 'unknown' });
});

test('a secret that upstream quotes does not get into the message', async () => {
  quota.upstream.on(
    'a',
    json({ error: { message: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl refused' } }, 500),
  );
  await expect(quota.service.refreshUsage('a')).rejects.toMatchObject({
    message: expect.not.stringContaining('eyJ') as unknown,
  });
});

test('an account without a login cannot be asked about, one that does not exist is not found', async () => {
  await quota.add('bare', { hasLogin: false });
  await expect(quota.service.refreshUsage('bare')).rejects.toMatchObject({
    code: 'account_usage_unavailable',
    status: 400,
  });
  await expect(quota.service.refreshUsage('nobody')).rejects.toMatchObject({ code: 'account_not_found', status: 404 });
});

test('a figure that cannot be stored is told', async () => {
  quota.upstream.on('a', json(usageBody(5, 5)));
  const transaction = jest.spyOn(quota.database.write, 'transaction').mockRejectedValue(new Error('disk full'));
  await expect(quota.service.refreshUsage('a')).rejects.toMatchObject({
    code: 'usage_refresh_persist_failed',
    status: 500,
  });
  transaction.mockRestore();
  await quota.jobs.run('quota_store');
  expect(await quota.database.read('quota_snapshots').select('account_id')).toEqual([{ account_id: 'a' }]);
});

test('many who ask at once are answered by one call', async () => {
  quota.upstream.on('a', json(usageBody(5, 5)));
  await Promise.all(Array.from({ length: 20 }, () => quota.service.refreshUsage('a')));
  expect(quota.upstream.seen).toHaveLength(1);
});
