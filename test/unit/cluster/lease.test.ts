import { createOffCluster } from '../../../sidecar/cluster/off';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

test('one holder at a time, and every new holder has a higher epoch', async () => {
  const cluster = createOffCluster('node');
  const first = await cluster.lease('job', { ttlMs: 1_000 });
  expect(first).toMatchObject({ name: 'lease:job', epoch: 1 });
  expect(await cluster.lease('job', { ttlMs: 1_000 })).toBeNull();
  expect((await cluster.lease('other', { ttlMs: 1_000 }))?.epoch).toBe(1);
  await first?.release();
  expect(first?.signal.aborted).toBe(true);
  expect((await cluster.lease('job', { ttlMs: 1_000 }))?.epoch).toBe(2);
  await cluster.stop();
});

test('a lease that is not renewed is lost after its life', async () => {
  const cluster = createOffCluster('node');
  const lease = await cluster.lease('job', { ttlMs: 1_000 });
  jest.advanceTimersByTime(900);
  expect(await lease?.renew()).toBe(true);
  jest.advanceTimersByTime(900);
  expect(lease?.signal.aborted).toBe(false);
  jest.advanceTimersByTime(100);
  expect(lease?.signal.aborted).toBe(true);
  expect(await lease?.renew()).toBe(false);
});

test('releasing a lost lease does not touch the next holder', async () => {
  const cluster = createOffCluster('node');
  const lost = await cluster.lease('job', { ttlMs: 10 });
  jest.advanceTimersByTime(10);
  const next = await cluster.lease('job', { ttlMs: 1_000 });
  await lost?.release();
  expect(next?.signal.aborted).toBe(false);
  expect(await cluster.lease('job', { ttlMs: 1_000 })).toBeNull();
  await next?.release();
});

test('who waits gets the lease in the order of asking, also after an expiry', async () => {
  const cluster = createOffCluster('node');
  await cluster.lease('job', { ttlMs: 100 });
  const order: string[] = [];
  const wait = async (name: string) => {
    const lease = await cluster.lease('job', { ttlMs: 1_000, waitMs: 10_000 });
    order.push(`${name}:${lease?.epoch}`);
    await lease?.release();
  };
  const waiting = Promise.all([wait('a'), wait('b'), wait('c')]);
  jest.advanceTimersByTime(100);
  await waiting;
  expect(order).toEqual(['a:2', 'b:3', 'c:4']);
});

test('the wait ends empty-handed after waitMs', async () => {
  const cluster = createOffCluster('node');
  const held = await cluster.lease('job', { ttlMs: 10_000 });
  const waiting = cluster.lease('job', { ttlMs: 1_000, waitMs: 50 });
  jest.advanceTimersByTime(50);
  expect(await waiting).toBeNull();
  await held?.release();
  const free = await cluster.lease('job', { ttlMs: 1_000 });
  expect(free?.epoch).toBe(2);
  await free?.release();
});

test('stopping loses held leases, ends waits and gives out none', async () => {
  const cluster = createOffCluster('node');
  const held = await cluster.lease('job', { ttlMs: 10_000 });
  const waiting = [1, 2].map(() => cluster.lease('job', { ttlMs: 1_000, waitMs: 5_000 }));
  await cluster.stop();
  expect(held?.signal.aborted).toBe(true);
  expect(await Promise.all(waiting)).toEqual([null, null]);
  expect(await cluster.lease('job', { ttlMs: 1_000 })).toBeNull();
});
