import { authJson } from './logins';
import { openPool, START_MS, type PoolFixture } from './pool-fixture';

const MINUTE = 60_000;

let pool: PoolFixture;
let id: string;

beforeEach(async () => {
  pool = await openPool();
  const login = authJson({ email: 'ann@example.com', planType: 'plus' });
  id = (await pool.service.importOne({ authJson: login })).account.accountId;
});

afterEach(() => pool.close());

const limit = () => pool.service.report(id, { kind: 'limited', code: 'x', message: '', untilMs: START_MS + MINUTE });

test('a limit that is over early brings the account back, also after a restart', async () => {
  limit();
  pool.service.limitLifted(id);
  expect(pool.service.usable(START_MS)).toHaveLength(1);
  expect(pool.events.at(-1)).toMatchObject({ type: 'account_recovered', accountId: id });
  await pool.service.close(50);
  expect((await pool.reopen()).usable(START_MS)).toHaveLength(1);
});

test('nothing but a limit ends that way', async () => {
  const events = pool.events.length;
  pool.service.limitLifted(id);
  await pool.service.pause(id);
  pool.service.limitLifted(id);
  pool.service.limitLifted('nobody');
  expect(await pool.service.get(id)).toMatchObject({ status: 'paused' });
  expect(pool.events).toHaveLength(events + 1);
});

test('another plan is kept and told once', async () => {
  pool.service.planChanged(id, 'pro');
  pool.service.planChanged(id, 'pro');
  pool.service.planChanged('nobody', 'pro');
  expect(pool.service.usable(START_MS)).toMatchObject([{ planType: 'pro' }]);
  const told = pool.events.filter(({ type }) => type === 'account_plan_changed');
  expect(told).toMatchObject([
    { message: 'The plan of ann@example.com is pro, it was plus.', facts: { planType: 'pro', previous: 'plus' } },
  ]);
  await pool.service.close(50);
  expect(await pool.row(id)).toMatchObject({ plan_type: 'pro' });
});

test('an account is found in any state, with what people call it', async () => {
  await pool.service.change(id, { alias: 'Main' });
  await pool.service.pause(id);
  expect(pool.service.find(id)).toMatchObject({ id, label: 'Main', hasLogin: true, planType: 'plus' });
  expect(pool.service.members()).toEqual([]);
  expect(pool.service.find('nobody')).toBeUndefined();
});
