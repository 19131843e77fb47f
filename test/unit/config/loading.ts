/** Loads a configuration from given layers only: nothing of the machine that runs the tests takes part. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig, type LoadedConfig, type LoadOptions } from '../../../sidecar/config/load';
import { ConfigError } from '../../../sidecar/config/problem';

/** Layers of one load; `toml` is the text of a file that is asked for by `--config`. */
export interface Layers {
  readonly flags?: LoadOptions['flags'];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly toml?: string | Buffer;
}

/** Where relative paths count from in these tests. */
export const CWD = '/work-folder';

/** Loads; `file` is the name of the TOML file as messages show it. */
export function load(layers: Layers): LoadedConfig & { readonly tomlFile: string } {
  return withTomlFile(layers.toml ?? '', (tomlFile) => {
    const flags = layers.toml === undefined ? layers.flags : { config: tomlFile, ...layers.flags };
    const env = { HOME: '/home/someone', ...layers.env };
    return { tomlFile, ...loadConfig({ flags: flags ?? {}, env, cwd: CWD, platform: 'linux' }) };
  });
}

/** The refusal of a load that must fail; its file is shown as `FILE`. */
export function refusalOf(layers: Layers): string[] {
  try {
    load(layers);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.split('\n').map(withoutFolder);
  }
  throw new Error('The configuration was accepted.');
}

/** Replaces the name of the temporary file, which is another one every time. */
export function withoutFolder(message: string): string {
  return message.replaceAll(/\S*tightrope-config-\w+\/config\.toml/g, 'FILE');
}

function withTomlFile<T>(text: string | Buffer, use: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'tightrope-config-'));
  try {
    const file = path.join(folder, 'config.toml');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
