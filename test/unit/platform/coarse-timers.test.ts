import fc from 'fast-check';
import { createCoarseTimers, type CoarseTimer, type CoarseTimers } from '../../../sidecar/platform/coarse-timers';

const TICK_MS = 50;
let timers: CoarseTimers;

beforeEach(() => {
  jest.useFakeTimers();
  timers = createCoarseTimers(TICK_MS);
});

afterEach(() => {
  timers.stop();
  jest.useRealTimers();
});

test.each([0, 1, 49, 50, 51, 1000, 60_000, 300_000])(
  '%d ms: fires once, never early, at most two ticks late',
  (delay) => {
    jest.advanceTimersByTime(17);
    const fire = jest.fn();
    timers.arm(delay, fire);
    jest.advanceTimersByTime(Math.max(0, delay - 1));
    expect(fire).toHaveBeenCalledTimes(0);
    jest.advanceTimersByTime(1 + 2 * TICK_MS);
    expect(fire).toHaveBeenCalledTimes(1);
    jest.advanceTimersByTime(400_000);
    expect(fire).toHaveBeenCalledTimes(1);
  },
);

test('the interval runs only while something is armed', () => {
  expect(jest.getTimerCount()).toBe(0);
  const first = timers.arm(10_000, () => undefined);
  timers.arm(100, () => undefined);
  expect(jest.getTimerCount()).toBe(1);
  jest.advanceTimersByTime(1000);
  expect(jest.getTimerCount()).toBe(1);
  first.cancel();
  first.cancel();
  expect(jest.getTimerCount()).toBe(0);
  timers.arm(10, () => undefined);
  expect(jest.getTimerCount()).toBe(1);
});

test('a timer that is moved again and again fires only when it is left alone', () => {
  const fire = jest.fn();
  const timer = timers.arm(1000, fire);
  for (let i = 0; i < 100; i += 1) {
    jest.advanceTimersByTime(900);
    timer.rearm(1000);
  }
  expect(fire).toHaveBeenCalledTimes(0);
  jest.advanceTimersByTime(1000 + 2 * TICK_MS);
  expect(fire).toHaveBeenCalledTimes(1);
});

test('a timer can be moved forward, too', () => {
  const fire = jest.fn();
  const timer = timers.arm(100_000, fire);
  timer.rearm(100);
  jest.advanceTimersByTime(100 + 2 * TICK_MS);
  expect(fire).toHaveBeenCalledTimes(1);
});

test('a timer can be armed again by its own callback, and after it was cancelled', () => {
  let fired = 0;
  const timer = timers.arm(100, () => {
    fired += 1;
    timer.rearm(100);
  });
  jest.advanceTimersByTime(1000);
  expect(fired).toBeGreaterThanOrEqual(5);
  timer.cancel();
  const before = fired;
  jest.advanceTimersByTime(1000);
  expect(fired).toBe(before);
  timer.rearm(100);
  jest.advanceTimersByTime(200);
  expect(fired).toBeGreaterThan(before);
});

test('a callback may cancel its neighbours', () => {
  const second = jest.fn();
  const others: CoarseTimer[] = [];
  timers.arm(100, () => {
    others.forEach((other) => other.cancel());
  });
  others.push(timers.arm(100, second), timers.arm(100, second));
  jest.advanceTimersByTime(1000);
  expect(second).toHaveBeenCalledTimes(0);
  expect(jest.getTimerCount()).toBe(0);
});

test('a callback that throws keeps no other from firing', () => {
  const other = jest.fn();
  timers.arm(100, () => {
    throw new Error('mine');
  });
  timers.arm(100, other);
  expect(() => jest.advanceTimersByTime(1000)).toThrow('mine');
  expect(other).toHaveBeenCalledTimes(1);
});

test('after stop nothing fires and nothing can be armed', () => {
  const fire = jest.fn();
  const timer = timers.arm(100, fire);
  timers.stop();
  timer.rearm(100);
  timers.arm(100, fire);
  timer.cancel();
  jest.advanceTimersByTime(1000);
  expect(fire).toHaveBeenCalledTimes(0);
  expect(jest.getTimerCount()).toBe(0);
});

test('any mix of moves fires every timer exactly when it was last told', () => {
  const move = fc.record({
    timer: fc.nat(4),
    delay: fc.integer({ min: 0, max: 120_000 }),
    cancel: fc.boolean(),
    wait: fc.oneof(fc.nat(200), fc.nat(100_000)),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
      const wheel = createCoarseTimers(TICK_MS);
      const due = new Map<number, number>();
      const late: string[] = [];
      const all = Array.from({ length: 5 }, (_, i) => {
        const timer = wheel.arm(1_000_000_000, () => {
          const at = due.get(i);
          const by = performance.now() - (at ?? Infinity);
          if (at === undefined || by < 0 || by > 2 * TICK_MS) late.push(`${i} by ${by}`);
          due.delete(i);
        });
        timer.cancel();
        return timer;
      });
      for (const { timer, delay, cancel, wait } of moves) {
        if (cancel) {
          all[timer]?.cancel();
          due.delete(timer);
        } else {
          due.set(timer, performance.now() + delay);
          all[timer]?.rearm(delay);
        }
        jest.advanceTimersByTime(wait);
      }
      jest.advanceTimersByTime(121_000);
      wheel.stop();
      expect(late).toEqual([]);
      expect(due.size).toBe(0);
    }),
    { numRuns: 50 },
  );
});
