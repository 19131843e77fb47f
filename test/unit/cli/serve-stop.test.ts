import type { RunningApp } from '../../../sidecar/app';
import { serveUntilStopped } from '../../../sidecar/cli/serving';
import { standIn, type StandIn } from './stand-in-program';

/** A promise and its ways to end. */
function deferred<T = undefined>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

describe('the end of a serving process', () => {
  const tool: StandIn = standIn();
  const calls: string[] = [];
  let drained = deferred();
  const app: RunningApp = {
    address: 'http://127.0.0.1:1',
    accounts: 0,
    stopRequested: new Promise<void>(() => undefined),
    drain: () => {
      calls.push('drain');
      return drained.promise;
    },
    stopNow: () => {
      calls.push('stopNow');
      return Promise.resolve();
    },
  };
  const options = { ...tool.program, drainTimeoutMs: 5_000, debug: false };
  const serve = (start: Promise<RunningApp> = Promise.resolve(app)) =>
    serveUntilStopped(
      () => start,
      () => undefined,
      options,
    );
  const later = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers();
    drained = deferred();
    for (const list of [calls, tool.errors, tool.exits]) list.length = 0;
  });
  afterEach(() => {
    jest.useRealTimers();
    tool.process.removeAllListeners();
  });
  afterAll(() => tool.remove());

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('%s lets running turns finish and ends with 0', async (signal) => {
    const ended = serve();
    await later(0);
    tool.process.emit(signal);
    expect(calls).toEqual(['drain']);
    expect(tool.errors).toEqual([
      `tightrope: ${signal}: running turns may finish within 5 s; another signal stops at once`,
    ]);
    drained.resolve(undefined);
    expect(await ended).toBe(0);
    expect(tool.exits).toEqual([]);
    expect(tool.process.eventNames()).toEqual([]);
  });

  it.each([
    ['SIGTERM', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
  ])('a second signal (%s, %s) stops at once with its number', async (first, second, code) => {
    void serve();
    await later(0);
    tool.process.emit(first);
    await later(1_000);
    tool.process.emit(second);
    await later(0);
    expect(calls).toEqual(['drain', 'stopNow']);
    expect(tool.exits).toEqual([code]);
  });

  it('takes the same signal again within 150 ms for an echo of the first', async () => {
    void serve();
    await later(0);
    tool.process.emit('SIGINT');
    tool.process.emit('SIGINT');
    await later(100);
    tool.process.emit('SIGINT');
    await later(0);
    expect(tool.exits).toEqual([]);
    await later(100);
    tool.process.emit('SIGINT');
    await later(0);
    expect(tool.exits).toEqual([130]);
  });

  it('drains as soon as it has started when the signal came before', async () => {
    const starting = deferred<RunningApp>();
    const ended = serve(starting.promise);
    tool.process.emit('SIGTERM');
    expect(calls).toEqual([]);
    starting.resolve(app);
    drained.resolve(undefined);
    expect(await ended).toBe(0);
    expect(calls).toEqual(['drain']);
  });

  it('leaves at a second signal even if the start never ends', async () => {
    void serve(deferred<RunningApp>().promise);
    tool.process.emit('SIGTERM');
    await later(200);
    tool.process.emit('SIGTERM');
    await later(0);
    expect(tool.exits).toEqual([143]);
  });

  it('cuts a drain short that takes longer than its timeout and a grace', async () => {
    void serve();
    await later(0);
    tool.process.emit('SIGTERM');
    await later(14_999);
    expect(tool.exits).toEqual([]);
    await later(1);
    expect(calls).toEqual(['drain', 'stopNow']);
    expect(tool.exits).toEqual([1]);
  });

  it('says why a drain failed and leaves with 1', async () => {
    void serve();
    await later(0);
    tool.process.emit('SIGTERM');
    drained.reject(new Error('disk full'));
    await later(0);
    expect(tool.errors.join()).toContain('disk full');
    expect(tool.exits).toEqual([1]);
  });

  it('flushes and leaves with 1 after a fault that nobody caught, even when the stop hangs', async () => {
    void serve(Promise.resolve({ ...app, stopNow: () => deferred().promise }));
    await later(0);
    tool.process.emit('uncaughtException', new Error('bug with Bearer sk-abcdefghijklmnopqrstuvwxyz0123456789'));
    expect(tool.errors.join()).toMatch(/stopped by an unexpected failure\nError: bug[^]*\n\s+at /);
    expect(tool.errors.join()).not.toContain('sk-abcdefghijkl');
    await later(3_000);
    expect(tool.exits).toEqual([1]);
  });

  it('takes its listeners away when the start fails', async () => {
    await expect(serve(Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(tool.process.eventNames()).toEqual([]);
  });
});
