/** A program whose terminal is recorded, whose process only pretends, and whose data directory is a temporary folder. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RunningApp, StartOptions } from '../../../sidecar/app';
import type { Program } from '../../../sidecar/cli/command';
import { runCommandLine } from '../../../sidecar/cli/command-line';
import { loadConfig } from '../../../sidecar/config/load';
import type { OfflineApp } from '../../../sidecar/offline';

/** What a test may put in the place of the real thing. */
export interface Parts {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly startApp?: (options: StartOptions) => Promise<RunningApp>;
  readonly openOffline?: () => Promise<OfflineApp>;
}

/** A program under test and what it did. */
export interface StandIn {
  readonly program: Program;
  readonly dataDirectory: string;
  readonly out: string[];
  readonly errors: string[];
  /** Codes given to `process.exit`. */
  readonly exits: number[];
  /** Send signals through this. */
  readonly process: EventEmitter;
  run(...argv: string[]): Promise<number>;
  remove(): void;
}

const notExpected = () => Promise.reject(new Error('This test does not expect that.'));

/** Builds one; the test removes it. */
export function standIn(parts: Parts = {}): StandIn {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), 'tightrope-cli-'));
  const out: string[] = [];
  const errors: string[] = [];
  const exits: number[] = [];
  const process = new EventEmitter();
  const env = { HOME: dataDirectory, TIGHTROPE_DB_PATH: path.join(dataDirectory, 'store.db'), ...parts.env };
  const program: Program = {
    build: { version: '1.2.3', commit: 'abcdef' },
    name: 'tightrope',
    programDir: '/program',
    terminal: {
      out: (text) => out.push(text),
      error: (text) => errors.push(text),
      stdin: textStream(parts.stdin ?? ''),
    },
    process: {
      on: (event, listener) => process.on(event, listener),
      off: (event, listener) => process.off(event, listener),
      exit: (code) => exits.push(code),
    },
    load: ({ flags }) => loadConfig({ flags, env, cwd: dataDirectory, platform: 'linux' }),
    startApp: parts.startApp ?? notExpected,
    openOffline: parts.openOffline ?? notExpected,
  };
  return {
    ...{ program, dataDirectory, out, errors, exits, process },
    run: (...argv) => runCommandLine(argv, program),
    remove: () => rmSync(dataDirectory, { recursive: true }),
  };
}

async function* textStream(text: string): AsyncGenerator<string> {
  await Promise.resolve();
  yield text;
}
