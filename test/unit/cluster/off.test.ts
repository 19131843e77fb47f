import type { Cluster } from '../../../sidecar/cluster/cluster';
import { createOffCluster } from '../../../sidecar/cluster/off';
import { ClusterStatus } from '../../../sidecar/contract/cluster';
import { compile } from '../../../sidecar/contract/validate';

let cluster: Cluster;

beforeEach(() => {
  cluster = createOffCluster('node-1');
});

afterEach(() => cluster.stop());

async function granted(accountId: string, signal?: AbortSignal) {
  const permit = await cluster.refreshPermit(accountId, signal);
  if (permit.kind !== 'granted') throw new Error(`not granted but ${permit.kind}`);
  return permit;
}

test('its status is that of a disabled cluster', () => {
  expect(compile(ClusterStatus, 'status')(cluster.status())).toMatchObject({
    enabled: false,
    mode: 'off',
    site_id: '',
    role: 'standalone',
    leader_id: null,
    peers: [],
    engine: null,
  });
  expect(cluster).toMatchObject({ mode: 'off', nodeId: 'node-1' });
});

describe('leader jobs', () => {
  test('run always, but never twice at once', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = cluster.runIfLeader('retention', () => gate);
    expect(await cluster.runIfLeader('retention', async () => {})).toBe(false);
    expect(await cluster.runIfLeader('other', async () => {})).toBe(true);
    open();
    expect(await first).toBe(true);
    expect(await cluster.runIfLeader('retention', async () => {})).toBe(true);
  });

  test('pass their error on and may run again', async () => {
    await expect(cluster.runIfLeader('job', () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await cluster.runIfLeader('job', async () => {})).toBe(true);
  });

  test('are told to end when the process stops, and not begun afterwards', async () => {
    const running = cluster.runIfLeader(
      'job',
      (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    );
    await cluster.stop();
    expect(await running).toBe(true);
    expect(await cluster.runIfLeader('job', async () => {})).toBe(false);
  });
});

test('invalidations reach the listeners of their namespace until those leave', () => {
  const heard: unknown[] = [];
  const leave = cluster.onInvalidate('accounts', (key) => heard.push(key));
  cluster.onInvalidate('settings', () => heard.push('settings'));
  cluster.invalidate('accounts', 'id-1');
  cluster.invalidate('accounts');
  leave();
  cluster.invalidate('accounts', 'id-2');
  expect(heard).toEqual(['id-1', undefined]);
});

test('a batch marks everything inside it, across awaits and nested', async () => {
  const outer = { actor: 'admin', reason: 'import', rollback: true };
  const inner = { actor: 'system', reason: 'refresh', rollback: false };
  expect(cluster.currentBatch()).toBeNull();
  const seen = await cluster.batch(outer, async () => {
    await Promise.resolve();
    const nested = await cluster.batch(inner, async () => cluster.currentBatch());
    return [cluster.currentBatch(), nested];
  });
  expect(seen).toEqual([outer, inner]);
  expect(cluster.currentBatch()).toBeNull();
});

describe('refresh permits', () => {
  test('one at a time per account, in the order of asking', async () => {
    const first = await granted('a');
    const order: string[] = [];
    const later = ['second', 'third'].map(async (name) => {
      const permit = await granted('a');
      order.push(name);
      await permit.release();
    });
    expect((await granted('b')).epoch).toBe(1);
    expect(order).toEqual([]);
    await first.release();
    await Promise.all(later);
    expect(order).toEqual(['second', 'third']);
  });

  test('the wait can be given up, and the next in line still gets its turn', async () => {
    const first = await granted('a');
    const giveUp = new AbortController();
    const impatient = cluster.refreshPermit('a', giveUp.signal);
    const patient = granted('a');
    giveUp.abort(new Error('client left'));
    await expect(impatient).rejects.toThrow('client left');
    await first.release();
    expect((await patient).epoch).toBe(2);
    await expect(cluster.refreshPermit('a', AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  test('who waits while the process stops is denied', async () => {
    await granted('a');
    const waiting = cluster.refreshPermit('a');
    await cluster.stop();
    expect(await waiting).toEqual({ kind: 'denied', reason: 'stopping' });
  });
});
