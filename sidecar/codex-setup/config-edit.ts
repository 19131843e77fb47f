/** From the present `config.toml` to the wanted one: what differs, the new text, and the proof that nothing else changed. */
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'toml';
import { TightropeError } from '../platform/errors';
import { setTomlValue } from './toml-edit';
import type { WantedValue } from './wanted-config';

type Table = Readonly<Record<string, unknown>>;

/** A value that is not as it should be. */
export interface ConfigIssue {
  /** Dotted path. */
  readonly key: string;
  readonly expected: string;
  /** `null` = it is not there. */
  readonly actual: string | null;
}

/**
 * Reads a document.
 * @throws TightropeError `codex_config_invalid` with line and column
 */
export function readConfig(text: string): Table {
  try {
    return parse(text) as Table;
  } catch (cause) {
    const place = placeOf(cause);
    throw new TightropeError('codex_config_invalid', {
      message: `config.toml is not valid TOML${place === null ? '' : ` (line ${String(place.line)}, column ${String(place.column)})`}. Mend it first, or copy the snippet by hand.`,
      ...(place === null ? {} : { details: { line: place.line, column: place.column } }),
      cause,
    });
  }
}

export function issuesOf(document: Table, wanted: readonly WantedValue[]): ConfigIssue[] {
  return wanted.flatMap(({ path, value }) => {
    const actual = valueAt(document, path);
    if (actual === value) return [];
    return [{ key: path.join('.'), expected: String(value), actual: actual === undefined ? null : shown(actual) }];
  });
}

/** Names of profiles that choose another provider and so go past Tightrope. */
export function bypassingProfiles(document: Table): string[] {
  const profiles = document['profiles'];
  if (!isTable(profiles)) return [];
  return Object.entries(profiles).flatMap(([name, profile]) => {
    const provider = isTable(profile) ? profile['model_provider'] : undefined;
    return typeof provider === 'string' && provider !== 'tightrope' ? [name] : [];
  });
}

/**
 * The text with all wanted values in it; the text itself when it has them.
 * @throws TightropeError `codex_config_invalid` when the text cannot be read, or has no place for a value
 */
export function editConfig(text: string, wanted: readonly WantedValue[]): string {
  const before = readConfig(text);
  let edited = text;
  for (const { path, value } of wanted) {
    if (valueAt(before, path) !== value) edited = setTomlValue(edited, path, value);
  }
  if (edited !== text && !sameDocument(tryRead(edited), withValues(before, wanted))) {
    throw new TightropeError('codex_config_invalid', {
      message: 'config.toml is written in a way that cannot be changed safely. Copy the snippet by hand.',
    });
  }
  return edited;
}

/** Clones, because the parser's tables have no prototype, and prototypes count in the comparison. */
function sameDocument(a: Table | null, b: Table | null): boolean {
  return a !== null && b !== null && isDeepStrictEqual(structuredClone(a), structuredClone(b));
}

function tryRead(text: string): Table | null {
  try {
    return readConfig(text);
  } catch (thrown) {
    if (thrown instanceof TightropeError) return null;
    throw thrown;
  }
}

/** A deep copy of the document with the values in it; `null` when one of their tables is something else. */
function withValues(document: Table, wanted: readonly WantedValue[]): Table | null {
  const copy = structuredClone(document) as Record<string, unknown>;
  for (const { path, value } of wanted) {
    let table = copy;
    for (const key of path.slice(0, -1)) {
      table[key] ??= {};
      const next = table[key];
      if (!isTable(next)) return null;
      table = next;
    }
    table[path.at(-1) ?? ''] = value;
  }
  return copy;
}

function valueAt(document: Table, path: readonly string[]): unknown {
  let value: unknown = document;
  for (const key of path) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Values of other settings may be anything, secrets too: only plain ones are shown. */
function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : Array.isArray(value)
      ? 'an array'
      : 'a table';
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function placeOf(error: unknown): { readonly line: number; readonly column: number } | null {
  const location = isTable(error) ? error['location'] : undefined;
  const start = isTable(location) ? location['start'] : undefined;
  if (!isTable(start)) return null;
  const { line, column } = start;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : null;
}
