import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const claims = (n: number) => ({ email: `p${n}@example.com`, accountId: `acc-${n}`, userId: `u${n}` });

let inFlight: number;
let most: number;
let presented: string[];
let pool: PoolFixture;

beforeEach(async () => {
  inFlight = 0;
  most = 0;
  presented = [];
  const refresh = async (refreshToken: string): Promise<TokenGrant> => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    presented.push(refreshToken);
    await new Promise((resolve) => setImmediate(resolve));
    inFlight -= 1;
    const access = accessToken({ ...claims(0), expiresAt: START_MS / 1000 + 3600, serial: refreshToken });
    return { accessToken: access, refreshToken: `${refreshToken}+`, idToken: null };
  };
  pool = await openPool({ endpoint: { refresh } });
});

afterEach(() => pool.close());

async function accounts(count: number): Promise<string[]> {
  const logins = Array.from({ length: count }, (_, n) =>
    authJson({ ...claims(n), expiresAt: START_MS / 1000 - 1 }, { refreshToken: `rt-${n}` }),
  );
  const results = await pool.service.importMany(logins);
  return results.map(({ account }) => account?.accountId ?? '');
}

test('however many logins end together, one is refreshed at a time', async () => {
  const ids = await accounts(6);
  await Promise.all(ids.map((id) => pool.service.accessToken(id, PATIENT)));
  expect(presented).toHaveLength(6);
  expect(most).toBe(1);
});

test('a turn that waits goes before the refreshes that nobody waits for', async () => {
  const ids = await accounts(3);
  const sweep = pool.service.sweepLogins('periodic', PATIENT);
  const waits = pool.service.accessToken(ids[2] ?? '', PATIENT);
  await Promise.all([sweep, waits]);
  expect(presented).toEqual(['rt-0', 'rt-2', 'rt-1']);
});

test('a turn joins the sweep’s refresh of its account, and the sweep a turn’s', async () => {
  const ids = await accounts(1);
  const sweep = pool.service.sweepLogins('periodic', PATIENT);
  await Promise.all([sweep, ...ids.map((id) => pool.service.accessToken(id, PATIENT))]);
  expect(presented).toEqual(['rt-0']);
});

test('after the stop no refresh begins', async () => {
  const ids = await accounts(2);
  const turns = ids.map((id) => pool.service.accessToken(id, PATIENT));
  await pool.service.close(1_000);
  const ends = await Promise.allSettled(turns);
  expect(ends.map(({ status }) => status)).toContain('rejected');
  expect(presented.length).toBeLessThan(2);
  await expect(pool.service.refreshToken(ids[1] ?? '')).rejects.toMatchObject({ code: 'token_refresh_failed' });
  expect(presented.length).toBeLessThan(2);
});
