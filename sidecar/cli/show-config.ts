/** `--show-config`: every setting with its value and where that came from. */
import { describeConfig } from '../config/describe';
import type { LoadedConfig } from '../config/load';
import { alignedLines } from './terminal';

/** Lines for stdout; secrets are only `set` or `not set`. */
export function showConfig(loaded: LoadedConfig): string {
  const rows = describeConfig(loaded).map(({ path, value, source, origin }) => [
    path,
    value,
    origin === '' ? source : `${source} (${origin})`,
  ]);
  return alignedLines([['SETTING', 'VALUE', 'SOURCE'], ...rows]).join('\n');
}
