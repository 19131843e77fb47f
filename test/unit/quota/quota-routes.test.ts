import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Account } from '../../../sidecar/contract/account';
import { AccountQuota, UsageTrend } from '../../../sidecar/contract/quota';
import { compile } from '../../../sidecar/contract/validate';
import { dashboardEnvelope, toTightropeError } from '../../../sidecar/platform/errors';
import { quotaRoutes } from '../../../sidecar/quota/quota-routes';
import { openService, type ServiceFixture } from './service-fixture';
import { NOW, ordinary, spark } from './header-sets';
import { sparkLimit, usageBody } from './usage-body';
import { json } from './usage-upstream';

let quota: ServiceFixture;
let server: http.Server;
let base: string;

beforeEach(async () => {
  quota = await openService();
  await quota.add('a');
  const app = express();
  const account = async (accountId: string) => ({ accountId }) as Account;
  app.use('/api', quotaRoutes(quota.service, account));
  app.use((thrown: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
    const error = toTightropeError(thrown);
    response.status(error.status).json(dashboardEnvelope(error));
  });
  server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/api/accounts`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await quota.close();
});

async function call(path: string, method = 'GET'): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${base}${path}`, { method });
  return { status: response.status, body: await response.json() };
}

test('the quota of an account: windows, further limits, credits, the raw words and the age of the history', async () => {
  quota.upstream.on(
    'a',
    json(usageBody(12, 34, { additional_rate_limits: [sparkLimit(100)], email: 'p@example.test' })),
  );
  await quota.service.refreshUsage('a');
  quota.clock.nowMs += 1000;
  quota.service.noteHeaders('a', [...ordinary(13, 34), ...spark(100, 5)]);
  const { status, body } = await call('/a/quota');
  expect(status).toBe(200);
  expect(compile(AccountQuota, 'answer')(body)).toMatchObject({
    accountId: 'a',
    planType: 'pro',
    verdict: { kind: 'usable', class: null, untilMs: null, reason: null },
    windows: [
      { class: 'short', usedPercent: 13, source: 'headers', observedAtMs: NOW + 1000 },
      { class: 'weekly', usedPercent: 34 },
    ],
    additional: [
      {
        family: 'codex_bengalfox',
        name: 'GPT-5.3-Codex-Spark',
        models: ['gpt-5.3-codex-spark'],
        verdict: { kind: 'limited', class: 'short' },
      },
    ],
    credits: { hasCredits: false, unlimited: false, balance: '0', observedAtMs: NOW + 1000 },
    history: { samples: 4, oldestAtMs: NOW, newestAtMs: NOW + 1000 },
    raw: [
      { source: 'headers', value: { 'x-codex-primary-used-percent': '13' } },
      {
        source: 'poll',
        value: { plan_type: 'pro', email: expect.not.stringContaining('p@example') as unknown },
      },
    ],
  });
});

test('an account of which nothing is known answers as well', async () => {
  const { body } = await call('/a/quota');
  expect(compile(AccountQuota, 'answer')(body)).toMatchObject({
    verdict: { kind: 'unknown' },
    windows: [],
    raw: [],
    history: { samples: 0, oldestAtMs: null },
  });
});

test('the trend of an account', async () => {
  quota.service.noteHeaders('a', ordinary(13, 34));
  for (const query of ['', '?days=90', '?days=1&by=day']) {
    const { status, body } = await call(`/a/usage-trend${query}`);
    expect(status).toBe(200);
    expect(compile(UsageTrend, 'answer')(body).points).toMatchObject([{ primaryPercent: 13, secondaryPercent: 34 }]);
  }
});

test.each(['?days=0', '?days=91', '?days=x', '?by=minute'])('a trend of %s is refused', async (query) => {
  expect(await call(`/a/usage-trend${query}`)).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_query' } },
  });
});

test('a refresh answers with the account', async () => {
  quota.upstream.on('a', json(usageBody(1, 2)));
  expect(await call('/a/refresh-usage', 'POST')).toEqual({ status: 200, body: { accountId: 'a' } });
});

test('a refresh that fails says what upstream said', async () => {
  quota.upstream.on('a', json({ error: { code: 'oops', message: 'no' } }, 500));
  expect(await call('/a/refresh-usage', 'POST')).toMatchObject({
    status: 502,
    body: { error: { code: 'usage_refresh_failed', upstreamStatus: 500, upstreamCode: 'oops', authRequired: false } },
  });
});

test.each([
  ['/nobody/quota', 'GET'],
  ['/nobody/usage-trend', 'GET'],
  ['/nobody/refresh-usage', 'POST'],
])('%s is not found', async (path, method) => {
  expect(await call(path, method)).toMatchObject({ status: 404, body: { error: { code: 'account_not_found' } } });
});
