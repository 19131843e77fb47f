/** Loads the configuration for a command and says once what is odd about it. */
import { problemLine } from '../config/problem';
import type { LoadedConfig } from '../config/load';
import type { Call } from './command';

/** @throws ConfigError, which ends the program with exit code 78 */
export function configurationOf({ program, values }: Call): LoadedConfig {
  const loaded = program.load({ flags: values });
  for (const warning of loaded.warnings) program.terminal.error(`tightrope: warning: ${problemLine(warning)}`);
  return loaded;
}
