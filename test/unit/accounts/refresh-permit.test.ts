import type { Cluster, RefreshPermit } from '../../../sidecar/cluster/cluster';
import { createOffCluster } from '../../../sidecar/cluster/off';
import type { TokenGrant } from '../../../sidecar/oauth/token-endpoint';
import { accessToken, authJson } from './logins';
import { openPool, PATIENT, START_MS, type PoolFixture } from './pool-fixture';

const ANN = { email: 'ann@example.com', accountId: 'acc-1', userId: 'user-ann' };
const LOGIN = authJson({ ...ANN, expiresAt: START_MS / 1000 + 3600 }, { refreshToken: 'rt-0' });
const issued = (serial: number): TokenGrant => ({
  accessToken: accessToken({ ...ANN, expiresAt: START_MS / 1000 + 3600, serial }),
  refreshToken: `rt-${serial}`,
  idToken: null,
});

let presented: string[];
let pool: PoolFixture;
let id: string;

const endpoint = {
  refresh: (refreshToken: string): Promise<TokenGrant> => {
    presented.push(refreshToken);
    return Promise.resolve(issued(presented.length));
  },
};

beforeEach(async () => {
  presented = [];
  pool = await openPool({ endpoint });
  id = (await pool.service.importOne({ authJson: LOGIN })).account.accountId;
});

afterEach(() => pool.close());

function permits(next: () => Promise<RefreshPermit>): Pick<Cluster, 'nodeId' | 'refreshPermit'> {
  return { nodeId: 'node-2', refreshPermit: next };
}

test('while another machine refreshes the login, its outcome is waited for and taken over', async () => {
  let asked = 0;
  const off = createOffCluster('node-2');
  const service = await pool.reopen({
    cluster: permits(async () => {
      asked += 1;
      if (asked < 3) return { kind: 'wait', retryAfterMs: 1 };
      await pool.service.refreshToken(id);
      return off.refreshPermit(id);
    }),
  });
  await expect(service.replaceToken(id, LOGIN.tokens.access_token, PATIENT)).resolves.toBe(issued(1).accessToken);
  expect(presented).toEqual(['rt-0']);
});

test('a right that is not given leaves the login as it is', async () => {
  const cluster = permits(() => Promise.resolve({ kind: 'denied', reason: 'waiting_for_owner' }));
  const service = await pool.reopen({ cluster });
  await expect(service.refreshToken(id)).rejects.toMatchObject({ details: { upstreamCode: 'refresh_denied' } });
  expect(await service.get(id)).toMatchObject({ status: 'active', tokenRefreshLastError: null });
});

test('a right that is lost before the token is presented spends nothing', async () => {
  const lost = AbortSignal.abort(new Error('expired'));
  const release = () => Promise.resolve();
  const cluster = permits(() => Promise.resolve({ kind: 'granted', epoch: 1, signal: lost, release }));
  const service = await pool.reopen({ cluster });
  await expect(service.refreshToken(id)).rejects.toMatchObject({ details: { upstreamCode: 'refresh_elsewhere' } });
  expect(presented).toEqual([]);
});

test('machines that share the permit and the database spend every token once', async () => {
  const cluster = createOffCluster('shared');
  const machines = [await pool.reopen({ cluster }), await pool.reopen({ cluster }), await pool.reopen({ cluster })];
  let rejected = LOGIN.tokens.access_token;
  for (let round = 1; round <= 5; round += 1) {
    const turns = machines.flatMap((machine) =>
      Array.from({ length: 10 }, () => machine.replaceToken(id, rejected, PATIENT)),
    );
    const tokens = new Set(await Promise.all(turns));
    expect(tokens.size).toBe(1);
    [rejected = ''] = tokens;
    expect(new Set(presented).size).toBe(presented.length);
  }
  expect(await pool.row(id)).toMatchObject({ token_generation: 1 + presented.length, status: 'active' });
});
