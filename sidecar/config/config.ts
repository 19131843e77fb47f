/** The Config: all sections in one schema and one table of settings. */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { ADMIN } from './schema/admin';
import { BENCH } from './schema/bench';
import { CODEX } from './schema/codex';
import { DATABASE } from './schema/database';
import { DRAIN } from './schema/drain';
import { LOGGING } from './schema/logging';
import { OAUTH } from './schema/oauth';
import { RETENTION } from './schema/retention';
import { SERVER } from './schema/server';
import { STICKY } from './schema/sticky';
import { TOKEN_REFRESH } from './schema/token-refresh';
import { UPSTREAM } from './schema/upstream';
import { USAGE } from './schema/usage';
import { VAULT } from './schema/vault';
import type { Setting } from './setting';

const SECTIONS = {
  server: SERVER,
  database: DATABASE,
  logging: LOGGING,
  upstream: UPSTREAM,
  oauth: OAUTH,
  tokenRefresh: TOKEN_REFRESH,
  usage: USAGE,
  vault: VAULT,
  admin: ADMIN,
  drain: DRAIN,
  retention: RETENTION,
  sticky: STICKY,
  codex: CODEX,
  bench: BENCH,
};

/** What a complete Config looks like. */
export const CONFIG_SCHEMA = Type.Object({
  server: SERVER.schema,
  database: DATABASE.schema,
  logging: LOGGING.schema,
  upstream: UPSTREAM.schema,
  oauth: OAUTH.schema,
  tokenRefresh: TOKEN_REFRESH.schema,
  usage: USAGE.schema,
  vault: VAULT.schema,
  admin: ADMIN.schema,
  drain: DRAIN.schema,
  retention: RETENTION.schema,
  sticky: STICKY.schema,
  codex: CODEX.schema,
  bench: BENCH.schema,
});

type Frozen<T> = { readonly [K in keyof T]: Readonly<T[K]> };

/** Everything the process was told, validated and deeply frozen. Times in ms, sizes in bytes unless a name says other. */
export type Config = Frozen<Static<typeof CONFIG_SCHEMA>>;

/** One row of the table of settings. */
export interface SettingRow {
  readonly section: string;
  readonly property: string;
  /** `section.property`: the path in the Config. */
  readonly path: string;
  readonly schema: TSchema;
  readonly setting: Setting<unknown>;
  /** Dotted TOML keys, weakest first. */
  readonly tomlKeys: readonly string[];
}

/** Every setting, section by section. */
export const SETTINGS: readonly SettingRow[] = Object.entries(SECTIONS).flatMap(([section, { schema, settings }]) => {
  const properties: Readonly<Record<string, TSchema>> = schema.properties;
  const rows: Readonly<Record<string, Setting<unknown>>> = settings;
  return Object.entries(properties).flatMap(([property, propertySchema]): SettingRow[] => {
    const setting = rows[property];
    if (setting === undefined) return [];
    const tomlKeys = setting.toml ?? usualTomlKeys(section, property, setting);
    return [{ section, property, path: `${section}.${property}`, schema: propertySchema, setting, tomlKeys }];
  });
});

function usualTomlKeys(section: string, property: string, { env }: Setting<unknown>): string[] {
  return [env[0].replace(/^TIGHTROPE_/, '').toLowerCase(), `${snakeCase(section)}.${snakeCase(property)}`];
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
