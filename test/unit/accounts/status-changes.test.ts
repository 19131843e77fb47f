import { authJson } from './logins';
import { openPool, START_MS, type PoolFixture } from './pool-fixture';

const MINUTE = 60_000;

let pool: PoolFixture;
let id: string;

beforeEach(async () => {
  pool = await openPool();
  id = (await pool.service.importOne({ authJson: authJson({ email: 'ann@example.com' }) })).account.accountId;
});

afterEach(() => pool.close());

const limit = (untilMs: number | null, loginEpoch?: number) =>
  pool.service.report(id, {
    kind: 'limited',
    code: 'rate_limit_exceeded',
    message: 'slow down',
    untilMs,
    ...(loginEpoch === undefined ? {} : { loginEpoch }),
  });
const usableIds = (): string[] => pool.service.usable(pool.clock.nowMs).map((account) => account.id);

test('a limited account leaves at once and comes back by itself', async () => {
  limit(START_MS + MINUTE);
  expect(usableIds()).toEqual([]);
  expect(pool.service.nearestReturnMs(START_MS)).toBe(START_MS + MINUTE);
  expect(pool.service.size()).toBe(1);
  expect(await pool.service.get(id)).toMatchObject({
    status: 'rate_limited',
    blockedUntilMs: START_MS + MINUTE,
    nextStep: 'Nothing to do: it comes back by itself at 2026-06-01T00:01:00.000Z.',
  });
  pool.clock.nowMs += MINUTE;
  expect(usableIds()).toEqual([id]);
  expect(pool.service.nearestReturnMs(pool.clock.nowMs)).toBeNull();
  expect(await pool.service.get(id)).toMatchObject({ status: 'active', reason: null, blockedUntilMs: null });
});

test('a limit survives a restart, and its end does as well', async () => {
  limit(START_MS + MINUTE);
  await pool.service.close(1_000);
  const next = await pool.reopen();
  expect(next.usable(START_MS)).toEqual([]);
  expect(next.usable(START_MS + MINUTE)).toHaveLength(1);
});

test('limits in a row last longer, however many turns report each', async () => {
  const pauses: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    for (let turn = 0; turn < 10; turn += 1) limit(null);
    const back = pool.service.nearestReturnMs(pool.clock.nowMs) ?? 0;
    pauses.push((back - pool.clock.nowMs) / MINUTE);
    pool.clock.nowMs = back;
  }
  expect(pauses).toEqual([1, 2, 4, 5, 5]);
  expect(pool.events.filter(({ type }) => type === 'account_exhausted')).toHaveLength(5);
});

test('the late verdict of a turn that began before a reactivation is void', async () => {
  const [before] = pool.service.usable(START_MS);
  pool.service.report(id, { kind: 'reauth_required', code: 'token_revoked', message: 'gone', untilMs: null });
  await pool.service.reactivate(id);
  limit(START_MS + MINUTE, before?.loginEpoch);
  pool.service.report(id, {
    kind: 'deactivated',
    code: 'x',
    message: '',
    untilMs: null,
    loginEpoch: before?.loginEpoch ?? -1,
  });
  const [after] = pool.service.usable(START_MS);
  expect(after?.loginEpoch).toBeGreaterThan(before?.loginEpoch ?? Infinity);
  limit(START_MS + MINUTE, after?.loginEpoch);
  expect(usableIds()).toEqual([]);
});

test('the late verdict of a turn that began before a new login is void, in the database as well', async () => {
  const [before] = pool.service.usable(START_MS);
  await pool.service.importOne({ authJson: authJson({ email: 'ann@example.com', serial: 2 }) });
  limit(START_MS + MINUTE, before?.loginEpoch);
  expect(usableIds()).toEqual([id]);
  await pool.service.close(1_000);
  expect((await pool.row(id)).status).toBe('active');
});

test('a pause takes effect, lasts over a restart and over verdicts, and ends by hand', async () => {
  await pool.service.pause(id);
  await pool.service.pause(id);
  limit(START_MS + MINUTE);
  expect(await pool.service.get(id)).toMatchObject({
    status: 'paused',
    nextStep: expect.stringMatching(/Reactivate/) as unknown,
  });
  expect(pool.service.size()).toBe(0);
  expect((await pool.reopen()).usable(START_MS + MINUTE)).toEqual([]);
  await pool.service.reactivate(id);
  expect(usableIds()).toEqual([id]);
  expect(pool.events.map(({ type }) => type)).toEqual(['account_imported', 'account_paused', 'account_reactivated']);
});

test('a change that the database refuses is taken back and told', async () => {
  const service = await pool.reopen({
    database: { write: { ...pool.database.write, transaction: () => Promise.reject(new Error('disk is full')) } },
  });
  await expect(service.pause(id)).rejects.toThrow('disk is full');
  expect(service.usable(START_MS)).toHaveLength(1);
});

test('a verdict that cannot be stored still counts, and is logged', async () => {
  const service = await pool.reopen({
    database: { write: { ...pool.database.write, transaction: () => Promise.reject(new Error('disk is full')) } },
  });
  service.report(id, { kind: 'quota_blocked', code: 'insufficient_quota', message: '', untilMs: null });
  expect(service.usable(START_MS)).toEqual([]);
  await service.close(1_000);
  expect(pool.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      event: 'account_write_failed',
      facts: { what: 'verdict', accountId: id, reason: 'disk is full' },
    }),
  );
});

test('what upstream says is cleaned of secrets before it is shown', async () => {
  const message = 'bad token eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlc2lnbmF0dXJl here';
  pool.service.report(id, { kind: 'reauth_required', code: 'token_revoked', message, untilMs: null });
  expect((await pool.service.get(id)).reason).not.toContain('eyJzdWIi');
  expect(JSON.stringify(pool.events)).not.toContain('eyJzdWIi');
});

test('a removed account is gone from memory and database, with its usage; its log rows stay', async () => {
  await pool.database.write.transaction(async (trx) => {
    await trx('usage_history').insert({
      id: 'u1',
      node_id: 'n',
      account_id: id,
      observed_at_ms: 1,
      window_class: 'short',
      used_percent: 1,
      source: 't',
    });
    await trx('request_logs').insert({
      id: 'l1',
      node_id: 'n',
      request_id: 'r',
      account_id: id,
      method: 'POST',
      path: '/v1/responses',
      status_code: 200,
      transport: 'http',
      requested_at_ms: 1,
    });
  });
  await pool.service.remove(id);
  expect(pool.service.total()).toBe(0);
  expect(await pool.database.read('accounts').select('id')).toEqual([]);
  expect(await pool.database.read('usage_history').select('id')).toEqual([]);
  expect(await pool.database.read('request_logs').select('id', 'account_id')).toEqual([{ id: 'l1', account_id: null }]);
  await expect(pool.service.remove(id)).rejects.toMatchObject({ code: 'account_not_found' });
});

test('what is not there can be neither paused nor reactivated, and verdicts about it are dropped', async () => {
  await expect(pool.service.pause('nobody')).rejects.toMatchObject({ code: 'account_not_found', status: 404 });
  await expect(pool.service.reactivate('nobody')).rejects.toMatchObject({ code: 'account_not_found' });
  await expect(pool.service.get('nobody')).rejects.toMatchObject({ code: 'account_not_found' });
  pool.service.report('nobody', { kind: 'limited', code: 'x', message: '', untilMs: null });
});
