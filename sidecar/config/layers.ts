/** The three layers above the defaults as lists of candidates, in the order in which they are applied. */
import { SETTINGS, type SettingRow } from './config';
import type { Reading } from './parse-style';
import type { Environment, Surroundings } from './paths';
import type { ConfigWarning } from './problem';
import type { Source } from './setting';
import { isTable, type TomlFile } from './toml-file';

/** What the command line gave: long options without their dashes. */
export type Flags = Readonly<Record<string, string>>;

/** A value that somebody gave for a setting. */
export interface Candidate {
  readonly row: SettingRow;
  readonly source: Source;
  /** Name under which it was given, with its place in the file. */
  readonly place: Pick<ConfigWarning, 'file' | 'line' | 'column' | 'key'>;
  /** As given, for words about its kind. */
  readonly raw: unknown;
  readonly reading: Reading | null;
}

/** Values of the TOML file: for each setting its keys, weakest first (spec/data-security.md 1.2). */
export function fileCandidates({ file, table, positions }: TomlFile, surroundings: Surroundings): Candidate[] {
  return SETTINGS.flatMap((row) =>
    row.tomlKeys.flatMap((key): Candidate[] => {
      const raw = valueAt(table, key);
      if (raw === undefined) return [];
      const place = { file, ...positions.get(key), key };
      return [{ row, source: 'file', place, raw, reading: row.setting.style.toml(raw, surroundings) }];
    }),
  );
}

/** Values of variables; an empty one is the same as none (spec/data-security.md 1.3). */
export function environmentCandidates(env: Environment, surroundings: Surroundings): Candidate[] {
  return SETTINGS.flatMap((row): Candidate[] => {
    const key = row.setting.env.find((name) => (env[name] ?? '') !== '');
    const raw = key === undefined ? undefined : env[key];
    if (key === undefined || raw === undefined) return [];
    return [{ row, source: 'environment', place: { key }, raw, reading: row.setting.style.text(raw, surroundings) }];
  });
}

/** Values of options. */
export function flagCandidates(flags: Flags, surroundings: Surroundings): Candidate[] {
  return SETTINGS.flatMap((row): Candidate[] => {
    const raw = row.setting.flag === undefined ? undefined : flags[row.setting.flag];
    if (raw === undefined) return [];
    const place = { key: `--${row.setting.flag}` };
    return [{ row, source: 'command line', place, raw, reading: row.setting.style.text(raw, surroundings) }];
  });
}

function valueAt(table: Readonly<Record<string, unknown>>, key: string): unknown {
  const [first = '', second] = key.split('.');
  const value = Object.hasOwn(table, first) ? table[first] : undefined;
  if (second === undefined) return value;
  return isTable(value) && Object.hasOwn(value, second) ? value[second] : undefined;
}
