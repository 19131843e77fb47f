/** What is wrong with a configuration, for people: one sentence and where to look. */
import { TightropeError } from '../platform/errors';
import type { Source } from './setting';

/** One finding. Its message holds no value. */
export interface ConfigWarning {
  /** A sentence that names the key. */
  readonly message: string;
  /** Absolute path of the TOML file, for findings in it. */
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1, in UTF-16 units. */
  readonly column?: number;
  /** Name of the variable, dotted TOML key, option (`--port`) or path in the Config. Empty for a file as a whole. */
  readonly key: string;
  readonly source: Source;
}

/** The place and the sentence in one line: `/etc/tightrope.toml:3:1: …`. */
export function problemLine({ file, line, column, message }: ConfigWarning): string {
  if (file === undefined) return message;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  return `${place}: ${message}`;
}

/** Exit code 78 (`EX_CONFIG` of sysexits.h): starting with other settings than asked for would be unsafe. */
export class ConfigError extends TightropeError {
  constructor(readonly problems: readonly ConfigWarning[]) {
    super('config_invalid', { message: problems.map(problemLine).join('\n') });
    this.name = 'ConfigError';
  }
}
