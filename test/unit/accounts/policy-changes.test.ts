import { NEUTRAL_POLICY, policyFrom, tagsFrom } from '../../../sidecar/accounts/account-policy';
import { authJson } from './logins';
import { openPool, START_MS, type PoolFixture } from './pool-fixture';

let pool: PoolFixture;
let ann: string;
let bob: string;

beforeEach(async () => {
  pool = await openPool();
  ann = await imported('ann');
  bob = await imported('bob');
});

afterEach(() => pool.close());

const imported = async (name: string): Promise<string> => {
  const login = authJson({ email: `${name}@example.com`, accountId: `acc-${name}`, userId: name });
  return (await pool.service.importOne({ authJson: login })).account.accountId;
};
const pinned = (): string[] => [ann, bob].filter((id) => pool.service.policyOf(id).pinned);
const broken = () => ({
  database: { write: { ...pool.database.write, transaction: () => Promise.reject(new Error('disk is full')) } },
});

test('an account starts without an alias, tags or limits', async () => {
  expect(await pool.service.get(ann)).toMatchObject({
    alias: null,
    tags: [],
    routingPinned: false,
    policy: { mode: 'normal', maxUsedPercent: null, maxConcurrent: null },
  });
  expect(pool.service.policyOf(ann)).toBe(NEUTRAL_POLICY);
  expect(pool.service.policyOf('nobody')).toBe(NEUTRAL_POLICY);
});

test('what is set counts at once, survives a restart and is taken back by null', async () => {
  const change = { alias: ' Main ', tags: ['work', 'eu', 'work '], mode: 'preserve', maxUsedPercent: 80 } as const;
  const changed = await pool.service.change(ann, { ...change, tags: [...change.tags], maxConcurrent: 3 });
  const wanted = {
    alias: 'Main',
    tags: ['work', 'eu'],
    policy: { mode: 'preserve', maxUsedPercent: 80, maxConcurrent: 3 },
  };
  expect(changed).toMatchObject({ ...wanted, email: 'ann@example.com' });
  const policy = { pinned: false, preference: 'preserve', maxUsedPercent: 80, maxConcurrent: 3 };
  expect(pool.service.policyOf(ann)).toEqual(policy);
  const next = await pool.reopen();
  expect(await next.get(ann)).toMatchObject(wanted);
  await next.change(ann, { alias: null, tags: null, mode: null, maxUsedPercent: null, maxConcurrent: null });
  expect(await next.get(ann)).toMatchObject({ alias: null, tags: [], policy: { mode: 'normal' } });
  expect(next.policyOf(ann)).toEqual(NEUTRAL_POLICY);
});

test('what is left out stays', async () => {
  await pool.service.change(ann, { alias: 'Main', maxConcurrent: 3 });
  await pool.service.change(ann, { maxUsedPercent: 50 });
  await pool.service.change(ann, {});
  expect(await pool.service.get(ann)).toMatchObject({
    alias: 'Main',
    policy: { mode: 'normal', maxUsedPercent: 50, maxConcurrent: 3 },
  });
  expect(pool.events.filter(({ type }) => type === 'account_changed')).toMatchObject([
    { message: 'Settings of Main were changed.', facts: { fields: ['alias', 'maxConcurrent'] } },
    { facts: { fields: ['maxUsedPercent'] } },
  ]);
});

test('a router that holds policies hears of every change, and only of changes', async () => {
  const before = pool.service.revision();
  const policy = pool.service.policyOf(ann);
  await pool.service.change(ann, { alias: 'Main' });
  pool.service.report(ann, { kind: 'limited', code: 'x', message: '', untilMs: START_MS + 1 });
  expect([pool.service.revision(), pool.service.policyOf(ann)]).toEqual([before, policy]);
  await pool.service.change(ann, { maxConcurrent: 1 });
  expect(pool.service.revision()).not.toBe(before);
});

test('one account at most is pinned', async () => {
  await pool.service.pin(ann);
  expect(pinned()).toEqual([ann]);
  await pool.service.pin(bob);
  await pool.service.pin(bob);
  expect(pinned()).toEqual([bob]);
  expect(await pool.database.read('accounts').where('routing_pinned', 1).pluck('id')).toEqual([bob]);
  expect(await pool.service.get(bob)).toMatchObject({ routingPinned: true });
  await Promise.all([pool.service.pin(ann), pool.service.pin(bob), pool.service.pin(ann)]);
  expect(pinned()).toEqual([ann]);
  expect(await pool.database.read('accounts').where('routing_pinned', 1).pluck('id')).toEqual([ann]);
  expect(pool.events.filter(({ type }) => type === 'account_pinned')).toHaveLength(5);
});

test('a pin ends by hand, by a pause and by a limit', async () => {
  const ends = [
    () => pool.service.unpin(ann),
    () => pool.service.pause(ann),
    async () => pool.service.report(ann, { kind: 'limited', code: 'x', message: '', untilMs: START_MS + 1 }),
  ];
  for (const end of ends) {
    await pool.service.reactivate(ann);
    await pool.service.pin(ann);
    await end();
    expect(pinned()).toEqual([]);
    await pool.database.write.transaction(() => Promise.resolve());
    expect(await pool.row(ann)).toMatchObject({ routing_pinned: 0 });
  }
  await expect(pool.service.unpin(ann)).resolves.toBeUndefined();
});

test('only an account that can serve is pinned', async () => {
  await pool.service.pause(ann);
  await expect(pool.service.pin(ann)).rejects.toMatchObject({ code: 'account_not_active', status: 400 });
  const { account: bare } = await pool.service.importOne({ email: 'bare@example.com' });
  await expect(pool.service.pin(bare.accountId)).rejects.toMatchObject({ code: 'account_not_active' });
  pool.service.report(bob, { kind: 'limited', code: 'x', message: '', untilMs: START_MS + 1 });
  await expect(pool.service.pin(bob)).rejects.toMatchObject({ code: 'account_not_active' });
  pool.clock.nowMs += 1;
  await expect(pool.service.pin(bob)).resolves.toBeUndefined();
});

test('what the database refuses is taken back', async () => {
  await pool.service.pin(ann);
  const service = await pool.reopen(broken());
  await expect(service.pin(bob)).rejects.toThrow('disk is full');
  await expect(service.change(bob, { maxConcurrent: 1 })).rejects.toThrow('disk is full');
  expect([service.policyOf(ann).pinned, service.policyOf(bob)]).toEqual([true, NEUTRAL_POLICY]);
});

test('what is not there cannot be changed', async () => {
  for (const act of [() => pool.service.pin('x'), () => pool.service.unpin('x'), () => pool.service.change('x', {})]) {
    await expect(act()).rejects.toMatchObject({ code: 'account_not_found' });
  }
  const other = await pool.reopen();
  await other.remove(bob);
  await expect(pool.service.pin(bob)).rejects.toMatchObject({ code: 'account_not_found' });
  expect(pool.service.total()).toBe(1);
});

test('columns of another hand are read as far as they can be', () => {
  const columns = { routing_pinned: 0, routing_mode: 'sideways', max_used_percent: null, max_concurrent: null };
  expect(policyFrom(columns)).toBe(NEUTRAL_POLICY);
  expect([tagsFrom('nonsense'), tagsFrom('{"a":1}'), tagsFrom('["a",7]')]).toEqual([[], [], ['a']]);
});
