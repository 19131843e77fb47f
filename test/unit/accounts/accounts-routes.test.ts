import express from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accountPolicyRoutes } from '../../../sidecar/accounts/account-policy-routes';
import { accountsRoutes } from '../../../sidecar/accounts/accounts-routes';
import type { AccountUsage } from '../../../sidecar/accounts/day-usage';
import { errorHandler } from '../../../sidecar/admin/error-handler';
import { Account, AccountImportResults, AccountList } from '../../../sidecar/contract/account';
import { compile } from '../../../sidecar/contract/validate';
import { TokenEndpointError } from '../../../sidecar/oauth/token-endpoint-error';
import { recordingLogger } from '../vault/recording-logger';
import { authJson } from './logins';
import { openPool, type PoolFixture } from './pool-fixture';

const isAccount = compile(Account, 'account');

let pool: PoolFixture;
let server: Server;
let usage: Map<string, AccountUsage>;

beforeEach(async () => {
  usage = new Map();
  pool = await openPool({
    endpoint: { refresh: () => Promise.reject(new TokenEndpointError('invalid_grant', 'No.', { status: 400 })) },
    changes: { usage24h: async () => usage, inflight: () => 3 },
  });
  const app = express().use(express.json({ limit: '32mb', strict: false }));
  app.use('/api', accountsRoutes(pool.service), accountPolicyRoutes(pool.service));
  app.use(errorHandler(recordingLogger()));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await pool.close();
});

async function call(method: string, path: string, body?: unknown) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api${path}`, {
    method,
    headers: { 'content-type': 'application/json', connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

const login = (n: number, serial = 0) =>
  authJson({
    email: `p${n}@example.com`,
    accountId: 'acc',
    userId: `u${n}`,
    issuedAt: 1_700_000_000 + serial * 3600,
    serial,
  });
const importBody = (n: number, serial = 0) => ({ authJson: login(n, serial) });
const error = (code: string, field?: string): unknown =>
  expect.objectContaining({
    error: expect.objectContaining({ code, ...(field === undefined ? {} : { field }) }) as unknown,
  });

test('a single import answers with the account: 201 new, 200 renewed, 200 skipped and why', async () => {
  const made = await call('POST', '/accounts/import', importBody(1, 2));
  expect(made.status).toBe(201);
  expect(isAccount(made.body)).toMatchObject({ email: 'p1@example.com', requests24h: null });
  const renewed = await call('POST', '/accounts/import', importBody(1, 3));
  expect([renewed.status, renewed.headers.get('x-tightrope-import-action')]).toEqual([200, 'updated']);
  const skipped = await call('POST', '/accounts/import', importBody(1, 1));
  expect([skipped.status, skipped.headers.get('x-tightrope-import-action')]).toEqual([200, 'skipped']);
  expect(skipped.headers.get('x-tightrope-import-reason')).toBe('older_login');
  expect(isAccount(skipped.body).accountId).toBe(isAccount(made.body).accountId);
});

test('an array answers 200 with a result per entry', async () => {
  const { status, body } = await call('POST', '/accounts/import', {
    authJson: [login(1), {}, JSON.stringify(login(2))],
  });
  expect(status).toBe(200);
  const { results } = compile(AccountImportResults, 'results')(body);
  expect(results.map(({ index, action }) => [index, action])).toEqual([
    [0, 'created'],
    [1, 'invalid'],
    [2, 'created'],
  ]);
});

test.each([
  [undefined, undefined],
  [[], undefined],
  ['x', undefined],
  [{}, 'email'],
  [{ authJson: null, email: '' }, 'email'],
  [{ authJson: 5 }, 'authJson'],
  [{ authJson: '{' }, 'authJson'],
  [{ authJson: {}, onDuplicate: 'replace' }, 'onDuplicate'],
  [{ email: 7 }, 'email'],
])('a bad import body is refused with the field at fault: %j', async (body, field) => {
  const answer = await call('POST', '/accounts/import', body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(error('invalid_account_import', field));
});

test('the legacy body still makes a row', async () => {
  const { status, body } = await call('POST', '/accounts/import', { email: 'a@example.com', provider: null });
  expect([status, isAccount(body).provider]).toEqual([201, 'openai']);
});

test('the list is sorted by e-mail and carries the figures of the last day', async () => {
  for (const n of [2, 1]) await call('POST', '/accounts/import', importBody(n));
  const [, second] = await pool.service.list();
  usage.set(second?.accountId ?? '', { requests: 4, costMicroUsd: 1_500_000 });
  pool.clock.nowMs += 1_000;
  const { body } = await call('GET', '/accounts');
  const { accounts } = compile(AccountList, 'list')(body);
  expect(accounts).toMatchObject([
    { email: 'p1@example.com', requests24h: null, totalCost24hUsd: null, costNorm: null, inflight: 3 },
    { email: 'p2@example.com', requests24h: 4, totalCost24hUsd: 1.5, costNorm: 1 },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/eyJ|rt-u/);
});

test('an account is read, paused, reactivated and deleted by its id', async () => {
  const { accountId } = isAccount((await call('POST', '/accounts/import', importBody(1))).body);
  expect((await call('POST', `/accounts/${accountId}/pause`)).body).toEqual({ status: 'paused' });
  expect(isAccount((await call('GET', `/accounts/${accountId}`)).body).status).toBe('paused');
  expect((await call('POST', `/accounts/${accountId}/reactivate`)).body).toEqual({ status: 'reactivated' });
  expect((await call('DELETE', `/accounts/${accountId}`)).body).toEqual({ status: 'deleted' });
  expect((await call('GET', `/accounts/${accountId}`)).status).toBe(404);
});

test('an account is pinned, unpinned and changed by its id', async () => {
  const { accountId } = isAccount((await call('POST', '/accounts/import', importBody(1))).body);
  expect((await call('POST', `/accounts/${accountId}/pin`)).body).toEqual({ status: 'pinned' });
  expect(isAccount((await call('GET', `/accounts/${accountId}`)).body).routingPinned).toBe(true);
  expect((await call('POST', `/accounts/${accountId}/unpin`)).body).toEqual({ status: 'unpinned' });
  const changed = await call('PATCH', `/accounts/${accountId}`, { alias: 'Main', mode: 'burn_first' });
  expect([changed.status, isAccount(changed.body).alias]).toEqual([200, 'Main']);
  const cleared = await call('PATCH', `/accounts/${accountId}`, { alias: null, mode: null });
  expect(isAccount(cleared.body)).toMatchObject({ alias: null, policy: { mode: 'normal' } });
  await call('POST', `/accounts/${accountId}/pause`);
  const refused = await call('POST', `/accounts/${accountId}/pin`);
  expect([refused.status, refused.body]).toEqual([400, error('account_not_active')]);
});

test.each([
  [5, undefined],
  [[], undefined],
  [{ alias: '' }, 'alias'],
  [{ alias: '   ' }, 'alias'],
  [{ alias: 'a\nb' }, 'alias'],
  [{ alias: 'x'.repeat(65) }, 'alias'],
  [{ tags: 'work' }, 'tags'],
  [{ tags: ['ok', ''] }, 'tags[1]'],
  [{ tags: Array.from({ length: 21 }, (_, n) => `t${n}`) }, 'tags'],
  [{ mode: 'fast' }, 'mode'],
  [{ maxUsedPercent: 0 }, 'maxUsedPercent'],
  [{ maxUsedPercent: 101 }, 'maxUsedPercent'],
  [{ maxUsedPercent: 50.5 }, 'maxUsedPercent'],
  [{ maxConcurrent: 0 }, 'maxConcurrent'],
  [{ maxConcurrent: '3' }, 'maxConcurrent'],
  [{ status: 'active' }, 'status'],
])('a change that is none is refused with the field at fault: %j', async (body, field) => {
  const { accountId } = isAccount((await call('POST', '/accounts/import', importBody(1))).body);
  const answer = await call('PATCH', `/accounts/${accountId}`, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(error('invalid_field', field));
});

test.each([
  ['GET', '/accounts/nobody'],
  ['POST', '/accounts/nobody/pin'],
  ['POST', '/accounts/nobody/unpin'],
  ['POST', '/accounts/nobody/pause'],
  ['POST', '/accounts/nobody/reactivate'],
  ['POST', '/accounts/nobody/refresh-token'],
  ['DELETE', '/accounts/%2F%00'],
])('%s %s of an unknown account answers 404', async (method, path) => {
  const answer = await call(method, path);
  expect([answer.status, answer.body]).toEqual([404, error('account_not_found')]);
});

test('a refresh by hand that fails says what upstream said and what helps', async () => {
  const { accountId } = isAccount((await call('POST', '/accounts/import', importBody(1))).body);
  const answer = await call('POST', `/accounts/${accountId}/refresh-token`);
  expect(answer.status).toBe(502);
  expect(answer.body).toMatchObject({
    error: { code: 'token_refresh_failed', upstreamCode: 'invalid_grant', upstreamStatus: 400, authRequired: true },
  });
  const { accountId: bare } = isAccount((await call('POST', '/accounts/import', { email: 'x@example.com' })).body);
  expect((await call('POST', `/accounts/${bare}/refresh-token`)).body).toEqual(
    error('account_token_refresh_unavailable'),
  );
});

test.each([
  ['', 200, false],
  ['?dryRun=', 200, false],
  ['?dryRun=%20YES%20', 200, true],
  ['?dryRun=off', 200, false],
  ['?dryRun=maybe', 400, undefined],
  ['?dryRun=1&dryRun=0', 400, undefined],
])('migrate-token-storage%s', async (query, status, dryRun) => {
  const answer = await call('POST', `/accounts/migrate-token-storage${query}`);
  expect([answer.status, answer.body['dryRun']]).toEqual([status, dryRun]);
  if (status === 400) expect(answer.body).toEqual(error('invalid_query', 'dryRun'));
});
