/** The runtime log: winston behind a small interface, every line redacted, nothing ever written to stdout. */
import path from 'node:path';
import { createLogger as createWinston, format, transports, type Logger as Winston } from 'winston';
import { systemClock, type Clock } from './clock';
import { jsonLine, textLine } from './log-format';
import { redactFacts, redactText } from './redact';
import { RotatingFile } from './rotating-file';
import { endsWithin } from './time-limit';

/** What every component logs through. `event` is a stable snake_case name, `facts` its values; all pass redaction. */
export interface Logger {
  debug(event: string, facts?: Record<string, unknown>): void;
  info(event: string, facts?: Record<string, unknown>): void;
  warn(event: string, facts?: Record<string, unknown>): void;
  error(event: string, facts?: Record<string, unknown>): void;
  /** A logger whose lines name this component. It writes to the same places. */
  child(fixed: { readonly component: string }): Logger;
  /** Whether debug lines are written: ask before computing expensive facts. */
  isDebug(): boolean;
  /** Writes out what is buffered (at most 2 s) and closes the file. Lines logged later are lost. */
  close(): Promise<void>;
}

/** Where the log goes and how much of it. */
export interface LoggerOptions {
  /** `error`, `warn` (`warning`), `info`, `debug` or `trace` (`silly`, `verbose`); anything else counts as `info`. */
  readonly level: string;
  readonly format: 'text' | 'json';
  /** File in addition to stderr, created with its directory (0600, 0700); `null` = none. */
  readonly file: string | null;
  /** Size at which the file is put aside, bytes. */
  readonly maxBytes: number;
  /** Files kept, the current one included. */
  readonly maxFiles: number;
  readonly clock?: Clock;
  /** Instead of stderr. */
  readonly stream?: NodeJS.WritableStream;
}

type Level = 'error' | 'warn' | 'info' | 'debug';

/** Weights of the levels, and what else they may be called (spec/data-security.md 13: `trace` is winston's `silly`). */
const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['error', 0],
  ['warn', 1],
  ['warning', 1],
  ['info', 2],
  ['debug', 3],
  ['verbose', 3],
  ['trace', 3],
  ['silly', 3],
]);
const WEIGHT: Readonly<Record<Level, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

const CLOSE_BOUND_MS = 2000;

/** Creates the logger of the process. */
export function createLogger(options: LoggerOptions): Logger {
  const sink = new Sink(options);
  return new ComponentLogger(sink, 'tightrope');
}

class ComponentLogger implements Logger {
  constructor(
    private readonly sink: Sink,
    private readonly component: string,
  ) {}

  debug(event: string, facts?: Record<string, unknown>): void {
    this.sink.write('debug', this.component, event, facts);
  }

  info(event: string, facts?: Record<string, unknown>): void {
    this.sink.write('info', this.component, event, facts);
  }

  warn(event: string, facts?: Record<string, unknown>): void {
    this.sink.write('warn', this.component, event, facts);
  }

  error(event: string, facts?: Record<string, unknown>): void {
    this.sink.write('error', this.component, event, facts);
  }

  child({ component }: { readonly component: string }): Logger {
    return new ComponentLogger(this.sink, component);
  }

  isDebug(): boolean {
    return this.sink.threshold >= WEIGHT.debug;
  }

  close(): Promise<void> {
    return this.sink.close();
  }
}

/** The one winston logger below all components. */
class Sink {
  readonly threshold: number;
  private readonly winston: Winston;
  private readonly file: RotatingFile | null;
  private readonly console: NodeJS.WritableStream;
  private readonly clock: Clock;
  private readonly line: typeof textLine;
  private closing: Promise<void> | null = null;

  constructor(options: LoggerOptions) {
    this.threshold = WEIGHTS.get(options.level.toLowerCase()) ?? WEIGHT.info;
    this.clock = options.clock ?? systemClock;
    this.line = options.format === 'json' ? jsonLine : textLine;
    this.file = options.file === null ? null : this.openFile(options.file, options);
    this.console = options.stream ?? process.stderr;
    this.console.on('error', ignore);
    const streams = [this.console, ...(this.file === null ? [] : [this.file])];
    this.winston = createWinston({
      // Levels are decided in `write`: a call below winston's own level still costs 13 µs there.
      level: 'silly',
      format: format.printf(({ message }) => String(message)),
      transports: streams.map((stream) => new transports.Stream({ stream, eol: '\n' })),
    });
  }

  write(level: Level, component: string, event: string, facts: Record<string, unknown> | undefined): void {
    if (WEIGHT[level] > this.threshold || this.closing !== null) return;
    const clean = facts === undefined ? {} : redactFacts(facts);
    const atMs = this.clock.now();
    this.winston.log(level, this.line({ atMs, level, component, event: redactText(event), facts: clean }));
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  /** A log that cannot be kept is no reason not to serve. */
  private openFile(file: string, { maxBytes, maxFiles }: LoggerOptions): RotatingFile {
    const onFailure = (error: unknown): void => {
      this.write('warn', 'logger', 'log_file_unusable', { file, error });
    };
    return new RotatingFile({ file: path.resolve(file), maxBytes, maxFiles, onFailure });
  }

  private async end(): Promise<void> {
    await endsWithin(ended(this.winston), CLOSE_BOUND_MS);
    if (this.file !== null) await endsWithin(ended(this.file), CLOSE_BOUND_MS);
    this.console.off('error', ignore);
  }
}

/** Whoever read stderr may go away; this process does not end for it. */
function ignore(): void {}

/** Ends a stream and waits until it has taken everything. */
function ended(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.end(resolve);
  });
}
