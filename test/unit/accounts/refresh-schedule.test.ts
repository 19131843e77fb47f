import { scheduleTokenRefresh } from '../../../sidecar/accounts/refresh-schedule';
import { createOffCluster } from '../../../sidecar/cluster/off';
import { createScheduler, type Scheduler } from '../../../sidecar/platform/scheduler';
import { recordingLogger } from '../vault/recording-logger';

let scheduler: Scheduler;
let sweeps: string[];
let signals: AbortSignal[];
let body: () => Promise<void>;

beforeEach(() => {
  jest.useFakeTimers();
  scheduler = createScheduler(recordingLogger());
  sweeps = [];
  signals = [];
  body = () => Promise.resolve();
  scheduleTokenRefresh({
    scheduler,
    cluster: createOffCluster('node-1'),
    times: { startupDelayMs: 2_000, checkIntervalMs: 60_000 },
    sweep: (kind, signal) => {
      sweeps.push(kind);
      signals.push(signal);
      return body();
    },
  });
});

afterEach(async () => {
  const stopped = scheduler.stop();
  await jest.advanceTimersByTimeAsync(5_000);
  await stopped;
  jest.useRealTimers();
});

test('one sweep after the start, then one per interval with some drift', async () => {
  await jest.advanceTimersByTimeAsync(1_999);
  expect(sweeps).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(sweeps).toEqual(['startup']);
  await jest.advanceTimersByTimeAsync(57_999);
  expect(sweeps).toEqual(['startup']);
  await jest.advanceTimersByTimeAsync(6_000);
  expect(sweeps).toEqual(['startup', 'periodic']);
  await jest.advanceTimersByTimeAsync(66_000);
  expect(sweeps).toEqual(['startup', 'periodic', 'periodic']);
});

test('a sweep that takes long is not joined by the next', async () => {
  body = () => new Promise((resolve) => setTimeout(resolve, 100_000));
  await jest.advanceTimersByTimeAsync(90_000);
  expect(sweeps).toEqual(['startup']);
});

test('with the scheduler the running sweep is told to stop and none follows', async () => {
  body = () => new Promise((resolve) => signals[0]?.addEventListener('abort', () => resolve()));
  await jest.advanceTimersByTimeAsync(2_000);
  await scheduler.stop();
  expect(signals[0]?.aborted).toBe(true);
  await jest.advanceTimersByTimeAsync(600_000);
  expect(sweeps).toEqual(['startup']);
});
