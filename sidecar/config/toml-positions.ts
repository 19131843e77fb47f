/**
 * Where every key of a TOML document stands. The parser tells positions only of errors; a bad value needs one, too.
 * Written for documents that the parser has already accepted; on others it ends all the same.
 */

/** A place in a text, both counted from 1; columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Position of the first mention of every key and table, by dotted path. */
export function keyPositions(document: string): ReadonlyMap<string, Position> {
  const scanner = new KeyScanner(document);
  scanner.scan();
  const positions = new Map<string, Position>();
  let line = 1;
  let lineStart = 0;
  // Keys were found in the order of the text, so one walk over its lines is enough.
  for (const [key, offset] of scanner.found) {
    for (
      let end = document.indexOf('\n', lineStart);
      end !== -1 && end < offset;
      end = document.indexOf('\n', lineStart)
    ) {
      line += 1;
      lineStart = end + 1;
    }
    positions.set(key, { line, column: offset - lineStart + 1 });
  }
  return positions;
}

class KeyScanner {
  /** Offset of each dotted path. */
  readonly found = new Map<string, number>();
  private at = 0;

  constructor(private readonly text: string) {}

  scan(): void {
    let table: readonly string[] = [];
    for (;;) {
      this.take(/(?:[\s,]|#[^\n]*)*/y);
      if (this.at >= this.text.length) return;
      const before = this.at;
      if (this.text[this.at] === '[') table = this.header();
      else this.keyAndValue(table);
      if (this.at === before) this.at += 1;
    }
  }

  private header(): string[] {
    const start = this.at;
    this.take(/\[+\s*/y);
    const keys = this.dottedKey();
    this.take(/\s*\]+/y);
    this.noteAll(keys, 1, start);
    return keys;
  }

  private keyAndValue(prefix: readonly string[]): void {
    const start = this.at;
    const keys = [...prefix, ...this.dottedKey()];
    this.noteAll(keys, prefix.length + 1, start);
    this.take(/[ \t]*=[ \t]*/y);
    this.value(keys);
  }

  private value(path: readonly string[]): void {
    if (this.take(STRING) !== '') return;
    if (this.take(/\[/y) !== '') {
      this.until(']', () => {
        this.value(path);
      });
    } else if (this.take(/\{/y) !== '') {
      this.until('}', () => {
        this.keyAndValue(path);
      });
    } else this.take(/[^,\]}#\r\n]*/y);
  }

  /** Reads items up to the closing bracket; spaces, line ends, comments and commas between them do not matter. */
  private until(closing: string, item: () => void): void {
    for (;;) {
      this.take(/(?:[\s,]|#[^\n]*)*/y);
      if (this.at >= this.text.length || this.take(closing === ']' ? /\]/y : /\}/y) !== '') return;
      const before = this.at;
      item();
      if (this.at === before) this.at += 1;
    }
  }

  private dottedKey(): string[] {
    const keys: string[] = [];
    do keys.push(plainKey(this.take(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w-]+/y)));
    while (this.take(/[ \t]*\.[ \t]*/y) !== '');
    return keys;
  }

  /** Notes a dotted path and the tables that it implies, from `shortest` parts on. */
  private noteAll(keys: readonly string[], shortest: number, offset: number): void {
    for (let length = shortest; length <= keys.length; length += 1) {
      const path = keys.slice(0, length).join('.');
      if (!this.found.has(path)) this.found.set(path, offset);
    }
  }

  /** What a sticky pattern matches here; empty when it does not. */
  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0] ?? '';
    this.at += match.length;
    return match;
  }
}

/** The four kinds of TOML strings; a multi-line one may end in up to two quotes of its own. */
const STRING = /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;

function plainKey(written: string): string {
  if (written.startsWith("'")) return written.slice(1, -1);
  if (!written.startsWith('"')) return written;
  try {
    return String(JSON.parse(written));
  } catch {
    return written.slice(1, -1); // an escape that TOML has and JSON has not; no setting is named so
  }
}
