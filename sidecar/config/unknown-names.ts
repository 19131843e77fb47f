/** Finds names that nobody reads: misspelt variables and TOML keys would otherwise be settings that silently do nothing. */
import { SETTINGS } from './config';
import { nearestName } from './nearest-name';
import type { Environment } from './paths';
import type { ConfigWarning } from './problem';
import { isTable, type TomlFile, type TomlTable } from './toml-file';
import { unusedReason } from './unused-names';

/** Names the TOML file; the only variable of ours that is no setting. */
export const CONFIG_PATH_VARIABLE = 'TIGHTROPE_CONFIG_PATH';

const PREFIX = 'TIGHTROPE_';

/** One warning for each `TIGHTROPE_*` variable that nothing reads. */
export function unknownVariables(env: Environment): ConfigWarning[] {
  const known = new Set([CONFIG_PATH_VARIABLE, ...SETTINGS.flatMap(({ setting }) => setting.env)]);
  const strangers = Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.has(name) && env[name] !== '');
  return strangers.sort().map((name) => {
    const reason = unusedReason(name);
    const message =
      reason === null ? `${name} is no known variable${meant(variableLike(name, known))}` : `${name} ${reason}`;
    return { message: `${message}; it has no effect`, key: name, source: 'environment' };
  });
}

/** One warning for each TOML key or table that nothing reads. */
export function unknownKeys({ file, table, positions }: TomlFile): ConfigWarning[] {
  const keys = SETTINGS.flatMap(({ tomlKeys }) => tomlKeys);
  const tables = new Set(keys.filter((key) => key.includes('.')).map(firstPart));
  const warn = (key: string, message: string): ConfigWarning => ({
    message,
    file,
    ...positions.get(key),
    key,
    source: 'file',
  });
  return Object.entries(table).flatMap(([name, value]) => {
    if (tables.has(name) && !keys.includes(name)) {
      if (!isTable(value)) return [warn(name, `${name} must be a table, written [${name}]; it has no effect`)];
      return unknownInTable(name, value, keys).map((key) =>
        warn(key, `${key} is no known key${meant(keyLike(key, keys))}; it has no effect`),
      );
    }
    if (keys.includes(name)) return [];
    const like = isTable(value) ? nearestName(name, tables) : keyLike(name, keys);
    return [warn(name, `${name} is no known ${isTable(value) ? 'table' : 'key'}${meant(like)}; it has no effect`)];
  });
}

function unknownInTable(name: string, table: TomlTable, known: readonly string[]): string[] {
  return Object.keys(table)
    .map((key) => `${name}.${key}`)
    .filter((key) => !known.includes(key));
}

/** The prefix is left out: it would make any two names alike. */
function variableLike(name: string, known: Iterable<string>): string | null {
  const ours = [...known].filter((each) => each.startsWith(PREFIX)).map((each) => each.slice(PREFIX.length));
  const near = nearestName(name.slice(PREFIX.length), ours);
  return near === null ? null : PREFIX + near;
}

/** A key of the same name in another table is likelier meant than one that is spelt alike. */
function keyLike(key: string, known: readonly string[]): string | null {
  const name = lastPart(key);
  return known.find((each) => lastPart(each) === name) ?? nearestName(key, known);
}

function meant(name: string | null): string {
  return name === null ? '' : ` (did you mean ${name}?)`;
}

function firstPart(key: string): string {
  return key.slice(0, key.indexOf('.'));
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}
