import { createScheduler, type Scheduler } from '../../../sidecar/platform/scheduler';
import { recordingLogger, type RecordingLogger } from './recording-logger';

let logger: RecordingLogger;
let scheduler: Scheduler;

beforeEach(() => {
  jest.useFakeTimers();
  logger = recordingLogger();
  scheduler = createScheduler(logger);
});

afterEach(async () => {
  const stopped = scheduler.stop();
  await jest.advanceTimersByTimeAsync(5000);
  await stopped;
  jest.useRealTimers();
});

test('a job runs first after one interval, then one interval after its end', async () => {
  const body = jest.fn(() => Promise.resolve());
  scheduler.every('job', 1000, body);
  await jest.advanceTimersByTimeAsync(999);
  expect(body).toHaveBeenCalledTimes(0);
  await jest.advanceTimersByTimeAsync(1);
  expect(body).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(2000);
  expect(body).toHaveBeenCalledTimes(3);
});

test('a job may begin at once', async () => {
  const body = jest.fn(() => Promise.resolve());
  scheduler.every('job', 1000, body, { runAtStart: true });
  await jest.advanceTimersByTimeAsync(0);
  expect(body).toHaveBeenCalledTimes(1);
});

test('a job that is to run once does, after its delay', async () => {
  const body = jest.fn(() => Promise.resolve());
  scheduler.once('job', 1000, body);
  await jest.advanceTimersByTimeAsync(999);
  expect(body).toHaveBeenCalledTimes(0);
  await jest.advanceTimersByTimeAsync(9000);
  expect(body).toHaveBeenCalledTimes(1);
});

test('a job that was to run once does not after the stop', async () => {
  const body = jest.fn(() => Promise.resolve());
  scheduler.once('job', 1000, body);
  await scheduler.stop();
  await jest.advanceTimersByTimeAsync(2000);
  expect(body).not.toHaveBeenCalled();
});

test('a run that takes long is not overtaken by the next', async () => {
  let running = 0;
  let most = 0;
  scheduler.every('job', 100, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    running -= 1;
  });
  await jest.advanceTimersByTimeAsync(5000);
  expect(most).toBe(1);
});

test('a job that throws is logged and runs again', async () => {
  const body = jest.fn(() => Promise.reject(new Error('no')));
  scheduler.every('job', 100, body);
  await jest.advanceTimersByTimeAsync(250);
  expect(body).toHaveBeenCalledTimes(2);
  expect(logger.lines).toMatchObject([
    { level: 'error', event: 'job_failed', facts: { job: 'job' } },
    { level: 'error', event: 'job_failed' },
  ]);
});

test('jitter makes pauses longer by up to its share', async () => {
  const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
  const body = jest.fn(() => Promise.resolve());
  scheduler.every('job', 1000, body, { jitter: 0.2 });
  await jest.advanceTimersByTimeAsync(1099);
  expect(body).toHaveBeenCalledTimes(0);
  await jest.advanceTimersByTimeAsync(1);
  expect(body).toHaveBeenCalledTimes(1);
  random.mockRestore();
});

test('stopping aborts what runs, waits for it and starts nothing more', async () => {
  let ended = false;
  const body = jest.fn(async (signal: AbortSignal) => {
    await new Promise((resolve) => {
      signal.addEventListener('abort', resolve);
    });
    ended = true;
  });
  scheduler.every('job', 10, body);
  await jest.advanceTimersByTimeAsync(10);
  await scheduler.stop();
  expect(ended).toBe(true);
  await jest.advanceTimersByTimeAsync(1000);
  expect(body).toHaveBeenCalledTimes(1);
  expect(logger.lines).toEqual([]);
});

test('stopping does not wait for ever', async () => {
  scheduler.every('job', 10, () => new Promise(() => undefined));
  await jest.advanceTimersByTimeAsync(10);
  const stopped = scheduler.stop();
  await jest.advanceTimersByTimeAsync(5000);
  await stopped;
  expect(logger.lines).toMatchObject([{ level: 'warn', event: 'jobs_still_running' }]);
});
