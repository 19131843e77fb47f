/** The life of a serving process: start, then wait for a signal or a fault, then the way out. */
import { constants } from 'node:os';
import type { RunningApp } from '../app';
import type { HostProcess } from './command';
import { EXIT } from './exit-codes';
import { crashText, failureText } from './failure-text';
import type { Terminal } from './terminal';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Beyond the drain timeout: flushing writes and closing sockets; ms. */
const DRAIN_GRACE_MS = 10_000;

/** How long a stop at once may take to flush what can be flushed; ms. */
const STOP_LIMIT_MS = 3_000;

/**
 * Ctrl-C in a terminal, or a stop of a whole process group, reaches a process directly and again through the parents that
 * forward it (npm, `npm start`). Equal signals closer than this are one; a person's second one comes later; ms.
 */
const SAME_SIGNAL_MS = 150;

/** What serving depends on. */
export interface ServingOptions {
  readonly process: HostProcess;
  readonly terminal: Terminal;
  /** `config.drain.timeoutMs` */
  readonly drainTimeoutMs: number;
  readonly debug: boolean;
}

/**
 * Starts and stays until the end. First signal: running turns may finish. Second one: out at once with 128 + its number.
 * A fault that nobody caught: what can be flushed is flushed, exit 1.
 *
 * @param start opens everything
 * @param announce says where it listens
 * @returns the exit code
 * @throws what `start` throws
 */
export async function serveUntilStopped(
  start: () => Promise<RunningApp>,
  announce: (app: RunningApp) => void,
  options: ServingOptions,
): Promise<number> {
  const serving = new Serving(options);
  serving.listen();
  try {
    const app = await start();
    serving.started(app);
    announce(app);
    return await serving.ended;
  } finally {
    serving.unlisten();
  }
}

class Serving {
  /** The exit code, once everything has been taken down. */
  readonly ended: Promise<number>;
  private end: (code: number) => void = () => undefined;
  private app: RunningApp | null = null;
  private firstSignal: { readonly name: string; readonly atMs: number } | null = null;
  private leaving = false;
  private readonly listeners: readonly (readonly [event: string, listener: (...facts: unknown[]) => void])[];

  constructor(private readonly options: ServingOptions) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    const signals = SIGNALS.map((signal) => [signal, () => this.signalled(signal)] as const);
    // Node turns an unhandled rejection into this event, too.
    this.listeners = [...signals, ['uncaughtException', (error: unknown) => this.crashed(error)]];
  }

  listen(): void {
    for (const [event, listener] of this.listeners) this.options.process.on(event, listener);
  }

  unlisten(): void {
    for (const [event, listener] of this.listeners) this.options.process.off(event, listener);
  }

  /** A signal may have come while everything was being opened. */
  started(app: RunningApp): void {
    this.app = app;
    void app.stopRequested.then(() => this.stopRequested(app));
    if (this.firstSignal !== null) void this.drain(app);
  }

  private signalled(signal: (typeof SIGNALS)[number]): void {
    const atMs = performance.now();
    if (this.firstSignal !== null) {
      const echo = this.firstSignal.name === signal && atMs - this.firstSignal.atMs < SAME_SIGNAL_MS;
      if (!echo) void this.leave(128 + constants.signals[signal]);
      return;
    }
    this.firstSignal = { name: signal, atMs };
    const seconds = Math.ceil(this.options.drainTimeoutMs / 1000);
    this.options.terminal.error(
      `tightrope: ${signal}: running turns may finish within ${seconds} s; another signal stops at once`,
    );
    if (this.app !== null) void this.drain(this.app);
  }

  /** `POST /api/runtime/shutdown`: as the first signal. */
  private stopRequested(app: RunningApp): void {
    if (this.firstSignal !== null) return;
    this.firstSignal = { name: 'shutdown', atMs: performance.now() };
    void this.drain(app);
  }

  private async drain(app: RunningApp): Promise<void> {
    try {
      const inTime = await settledWithin(app.drain(), this.options.drainTimeoutMs + DRAIN_GRACE_MS);
      if (inTime) {
        this.end(EXIT.ok);
        return;
      }
      this.options.terminal.error('tightrope: the stop took too long and was cut short');
    } catch (error) {
      this.options.terminal.error(failureText(error, this.options.debug));
    }
    await this.leave(EXIT.failure);
  }

  private crashed(error: unknown): void {
    this.options.terminal.error(crashText(error));
    void this.leave(EXIT.failure);
  }

  /** Ends everything that runs and leaves, whatever becomes of it. */
  private async leave(code: number): Promise<void> {
    if (this.leaving) {
      this.options.process.exit(code);
      return;
    }
    this.leaving = true;
    try {
      if (this.app !== null) await settledWithin(this.app.stopNow(), STOP_LIMIT_MS);
    } catch (error) {
      this.options.terminal.error(failureText(error, this.options.debug));
    }
    this.options.process.exit(code);
  }
}

/** Whether `work` ended within `limitMs`; its failure is passed on. */
async function settledWithin(work: Promise<void>, limitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), limitMs);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
