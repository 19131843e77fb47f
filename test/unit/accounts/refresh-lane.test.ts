import { RefreshLane } from '../../../sidecar/accounts/refresh-lane';

let lane: RefreshLane;
let order: string[];

beforeEach(() => {
  jest.useFakeTimers();
  lane = new RefreshLane({ spacingMs: 100, patienceMs: 5_000 });
  order = [];
});

afterEach(() => {
  lane.stop();
  jest.useRealTimers();
});

/** Enters the lane with a body of this duration. */
function enter(key: string, ms: number, urgent = false): Promise<string> {
  return lane.run(key, urgent, async () => {
    order.push(`${key} begins`);
    await new Promise((resolve) => setTimeout(resolve, ms));
    order.push(`${key} ends`);
    return key;
  });
}

test('one at a time, a little apart, in the order of their coming', async () => {
  const all = Promise.all([enter('a', 1000), enter('b', 1000)]);
  await jest.advanceTimersByTimeAsync(1099);
  expect(order).toEqual(['a begins', 'a ends']);
  await jest.advanceTimersByTimeAsync(1);
  expect(order).toEqual(['a begins', 'a ends', 'b begins']);
  await jest.advanceTimersByTimeAsync(1000);
  await expect(all).resolves.toEqual(['a', 'b']);
});

test('those that somebody waits for go first, from the start or from when somebody comes', async () => {
  const all = Promise.all([enter('a', 10), enter('b', 10), enter('c', 10), enter('d', 10, true)]);
  lane.hurry('c');
  await jest.advanceTimersByTimeAsync(10_000);
  await all;
  expect(order.filter((step) => step.endsWith('begins'))).toEqual(['a', 'c', 'd', 'b'].map((key) => `${key} begins`));
});

test('one that takes too long no longer holds up the others', async () => {
  const slow = enter('slow', 60_000);
  const next = enter('next', 10);
  await jest.advanceTimersByTimeAsync(5_099);
  expect(order).toEqual(['slow begins']);
  await jest.advanceTimersByTimeAsync(11);
  await expect(next).resolves.toBe('next');
  await jest.advanceTimersByTimeAsync(60_000);
  await expect(slow).resolves.toBe('slow');
});

test('an end long after the patience opens the lane no second time', async () => {
  const all = Promise.all([enter('slow', 6_000), enter('b', 4_000), enter('c', 10)]);
  await jest.advanceTimersByTimeAsync(5_200);
  expect(order).toEqual(['slow begins', 'b begins']);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(order).toEqual(['slow begins', 'b begins', 'slow ends']);
  await jest.advanceTimersByTimeAsync(10_000);
  await all;
});

test('a body that fails fails for its caller alone', async () => {
  const failing = expect(lane.run('a', false, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const next = enter('b', 10);
  await jest.advanceTimersByTimeAsync(1_000);
  await failing;
  await expect(next).resolves.toBe('b');
});

test('after the stop nothing begins, and what runs goes on to its end', async () => {
  const running = enter('a', 1000);
  const waiting = expect(enter('b', 1000)).rejects.toThrow('stopping');
  lane.stop();
  await waiting;
  await expect(enter('c', 1000)).rejects.toThrow('stopping');
  await jest.advanceTimersByTimeAsync(2000);
  await expect(running).resolves.toBe('a');
  expect(order).toEqual(['a begins', 'a ends']);
});
