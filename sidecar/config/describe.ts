/** The configuration in force as rows, for `--show-config`. Secrets do not appear. */
import { SETTINGS } from './config';
import type { LoadedConfig } from './load';
import type { Setting, Source } from './setting';

/** One value. */
export interface ConfigRow {
  /** Path in the Config, such as `server.port`. */
  readonly path: string;
  readonly value: string;
  readonly source: Source;
  /** Name under which it was given; empty for a default. */
  readonly origin: string;
}

/** A row for every setting, in the order of the sections. */
export function describeConfig({ config, sources, origins }: LoadedConfig): ConfigRow[] {
  const sections: Readonly<Record<string, Readonly<Record<string, unknown>>>> = config;
  return SETTINGS.map(({ section, property, path, setting }) => ({
    path,
    value: shown(sections[section]?.[property], setting),
    source: sources.get(path) ?? 'default',
    origin: origins.get(path) ?? '',
  }));
}

function shown(value: unknown, { secret }: Setting<unknown>): string {
  if (secret === 'whole') return value === null ? 'not set' : 'set';
  if (value === null) return 'not set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return secret === 'credentials' ? withoutCredentials(String(value)) : String(value);
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  return `${url.protocol}//***@${url.host}`;
}
