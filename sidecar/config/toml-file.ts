/** Reads the TOML file that was asked for. A file that cannot be used as it stands is a refusal: see ConfigError. */
import { readFileSync, statSync } from 'node:fs';
import { parse } from 'toml';
import { ConfigError } from './problem';
import { keyPositions, type Position } from './toml-positions';

/** A TOML table; values are scalars, arrays, dates or tables again. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** A file that has been read. */
export interface TomlFile {
  /** Absolute path. */
  readonly file: string;
  readonly table: TomlTable;
  /** Where a dotted key stands first. */
  readonly positions: ReadonlyMap<string, Position>;
}

/** Bytes; no configuration is larger, but a database named by mistake is. */
const MAX_FILE_BYTES = 262_144;

/**
 * Reads and parses.
 *
 * @param file absolute path
 * @param askedBy option or variable that named it, for messages
 * @throws ConfigError with file and, for bad TOML, line and column
 */
export function readTomlFile(file: string, askedBy: string): TomlFile {
  const document = readDocument(file, askedBy);
  return { file, table: parseDocument(document, file), positions: keyPositions(document) };
}

/** Whether a TOML value is a table. */
export function isTable(value: unknown): value is TomlTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function readDocument(file: string, askedBy: string): string {
  const problem = (what: string): ConfigError => refusal(file, `the configuration file named by ${askedBy} ${what}`);
  const bytes = readBytes(file, problem);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problem('is not UTF-8 text');
  }
}

function readBytes(file: string, problem: (what: string) => ConfigError): Buffer {
  try {
    const facts = statSync(file);
    if (facts.isDirectory()) throw problem('is a folder');
    if (facts.size > MAX_FILE_BYTES) throw problem(`has more than ${MAX_FILE_BYTES} bytes`);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof ConfigError ? error : problem(readFailure(error));
  }
}

function readFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${code})`;
}

function parseDocument(document: string, file: string): TomlTable {
  try {
    const table: unknown = parse(document);
    return isTable(table) ? table : {};
  } catch (error) {
    const position = errorPosition(error);
    throw refusal(file, `not valid TOML${reason(error)}`, position);
  }
}

/** toml 5 tells the place of a syntax error in `location.start`, that of any other one directly. */
function errorPosition(error: unknown): Position | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const location = 'location' in error ? error.location : undefined;
  const start = typeof location === 'object' && location !== null && 'start' in location ? location.start : error;
  if (typeof start !== 'object' || start === null || !('line' in start) || !('column' in start)) return undefined;
  const { line, column } = start;
  return typeof line === 'number' && typeof column === 'number' ? { line, column } : undefined;
}

/** Syntax errors list all that the grammar would take and quote the text, which may be a secret: only others tell. */
function reason(error: unknown): string {
  if (!(error instanceof Error) || error instanceof SyntaxError || error.name === 'SyntaxError') return '';
  return /^Cannot redefine|^Cannot (?:extend|append)|^Cannot use dotted/.test(error.message)
    ? ' (a key or table is defined twice)'
    : ' (a number, date or escape is out of range)';
}

function refusal(file: string, message: string, position?: Position): ConfigError {
  return new ConfigError([{ message, file, ...position, key: '', source: 'file' }]);
}
