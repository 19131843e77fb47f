/** Sets single values in a TOML text and leaves every other byte alone: comments, order, line ends, ways of writing. */
import { scanToml, type Assignment, type Header, type Statement } from './toml-scanner';

/** A scalar of the document. */
export type TomlValue = string | boolean;

export type TomlPath = readonly [string, ...string[]];

const BARE_KEY = /^[A-Za-z0-9_-]+$/;

/**
 * The text with `value` at `path`: replaced where it stands, else added to the table where that table is written, else in a
 * new section at the end. The caller parses the result; a document in which there is no place for it comes out invalid.
 */
export function setTomlValue(text: string, path: TomlPath, value: TomlValue): string {
  const statements = scanToml(text);
  const present = findAssignment(statements, path);
  if (present !== undefined) return splice(text, present.value.start, present.value.end, literal(value));
  const table = path.slice(0, -1);
  const assignment = (keys: readonly string[]): string => `${keys.map(keyText).join('.')} = ${literal(value)}`;
  const inline = findInline(statements, table);
  if (inline !== undefined) return addInline(text, inline, assignment(path.slice(inline.path.length)));
  if (table.length === 0) return addTopLevel(text, statements, assignment(path));
  const header = statements.find(
    (one): one is Header => one.kind === 'header' && !one.isArray && samePath(one.path, table),
  );
  if (header !== undefined) {
    return addLine(text, endOfBlock(statements, header), assignment(path.slice(table.length)));
  }
  const dotted = statements.findLast(
    (one): one is Assignment =>
      one.kind === 'assignment' && one.path.length > table.length && startsWith(one.path, table),
  );
  // Defined by dotted keys under some other header: a header of its own would define it twice.
  if (dotted !== undefined && dotted.table.length < table.length) {
    return addLine(text, dotted.lineEnd, assignment(path.slice(dotted.table.length)));
  }
  return addSection(text, table, assignment(path.slice(table.length)));
}

/** The assignment of exactly this path, inside inline tables too. */
function findAssignment(statements: readonly Statement[], path: TomlPath): Assignment | undefined {
  for (const statement of statements) {
    if (statement.kind === 'header') continue;
    if (samePath(statement.path, path)) return statement;
    if (statement.inline === null || !startsWith(path, statement.path)) continue;
    const inside = findAssignment(statement.inline, path);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** The innermost inline table that the value belongs into. */
function findInline(statements: readonly Statement[], table: readonly string[]): Assignment | undefined {
  for (const statement of statements) {
    if (statement.kind === 'header' || statement.inline === null || !startsWith(table, statement.path)) continue;
    return findInline(statement.inline, table) ?? statement;
  }
  return undefined;
}

function addInline(text: string, { inline, value }: Assignment, assignment: string): string {
  const last = inline?.at(-1);
  return last === undefined
    ? splice(text, value.start, value.end, `{ ${assignment} }`)
    : splice(text, last.value.end, last.value.end, `, ${assignment}`);
}

function addTopLevel(text: string, statements: readonly Statement[], assignment: string): string {
  const firstHeader = statements.findIndex(({ kind }) => kind === 'header');
  const top = firstHeader === -1 ? statements : statements.slice(0, firstHeader);
  const last = top.at(-1);
  if (last !== undefined) return addLine(text, last.lineEnd, assignment);
  const header = statements[firstHeader];
  const eol = lineEndOf(text);
  if (header?.kind === 'header') {
    const lineStart = text.lastIndexOf('\n', header.start) + 1;
    return splice(text, lineStart, lineStart, `${assignment}${eol}${eol}`);
  }
  return addLine(text, text.length, assignment);
}

function addSection(text: string, table: readonly string[], assignment: string): string {
  const eol = lineEndOf(text);
  const withEnd = text === '' || text.endsWith('\n') ? text : text + eol;
  const gap = withEnd.trim() === '' || withEnd.endsWith(`${eol}${eol}`) ? '' : eol;
  return `${withEnd}${gap}[${table.map(keyText).join('.')}]${eol}${assignment}${eol}`;
}

/** Puts a line behind the one that ends at `at`. */
function addLine(text: string, at: number, line: string): string {
  const eol = lineEndOf(text);
  const isOwnLine = at === 0 || text[at - 1] === '\n';
  const added = isOwnLine ? line : `${eol}${line}`;
  return splice(text, at, at, at === text.length ? `${added}${eol}` : added);
}

/** End of the last assignment under a header, or of the header itself. */
function endOfBlock(statements: readonly Statement[], header: Header): number {
  let end = header.lineEnd;
  for (const statement of statements.slice(statements.indexOf(header) + 1)) {
    if (statement.kind === 'header') break;
    end = statement.lineEnd;
  }
  return end;
}

function lineEndOf(text: string): string {
  const feed = text.indexOf('\n');
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n';
}

function literal(value: TomlValue): string {
  return JSON.stringify(value);
}

function keyText(key: string): string {
  return BARE_KEY.test(key) ? key : JSON.stringify(key);
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return path.length >= prefix.length && prefix.every((key, index) => path[index] === key);
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
