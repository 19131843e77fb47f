/** What a command is, and what it gets to work with. */
import type { RunningApp, StartOptions } from '../app';
import type { BuildInfo } from '../config/build-info';
import type { LoadedConfig, LoadOptions } from '../config/load';
import type { OfflineApp, OfflineOptions } from '../offline';
import type { OptionName } from './options';
import type { Terminal } from './terminal';

/** The part of `process` that a serving command needs. */
export interface HostProcess {
  on(event: string, listener: (...facts: unknown[]) => void): unknown;
  off(event: string, listener: (...facts: unknown[]) => void): unknown;
  /** Leaves at once. */
  exit(code: number): void;
}

/** Everything that commands reach through somebody else; main.ts gives the real ones, tests their own. */
export interface Program {
  readonly build: BuildInfo;
  /** How a person starts this program, for examples: `tightrope` or `node dist/tightrope.cjs`. */
  readonly name: string;
  /** Folder of the bundle. */
  readonly programDir: string;
  readonly terminal: Terminal;
  readonly process: HostProcess;
  readonly load: (options: LoadOptions) => LoadedConfig;
  readonly startApp: (options: StartOptions) => Promise<RunningApp>;
  readonly openOffline: (options: OfflineOptions) => Promise<OfflineApp>;
}

/** One call of a command, its arguments checked. */
export interface Call {
  readonly program: Program;
  readonly positionals: readonly string[];
  /** Options with a value. */
  readonly values: Readonly<Partial<Record<OptionName, string>>>;
  /** Options without one. */
  readonly switches: ReadonlySet<OptionName>;
}

/** A command of the command line; its help is made from this. */
export interface Command {
  /** `['accounts', 'import']` */
  readonly words: readonly string[];
  /** One line for the overview. */
  readonly summary: string;
  /** More, for its own help. */
  readonly details: readonly string[];
  readonly arguments: { readonly usage: string; readonly least: number; readonly most: number };
  /** Beside `--help`. */
  readonly options: readonly OptionName[];
  /** @returns the exit code; throws TightropeError for an expected failure. */
  run(call: Call): Promise<number>;
}
