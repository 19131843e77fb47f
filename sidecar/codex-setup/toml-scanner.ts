/**
 * Where things stand in a TOML text: the spans that a parser throws away and an edit needs. It knows comments, strings, arrays
 * and inline tables well enough to step over them; whether the text is valid is the parser's business, which always goes first.
 */

/** Offsets in the text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An assignment: `path` from the root of the document, tables and dotted keys included. */
export interface Assignment {
  readonly kind: 'assignment';
  readonly path: readonly string[];
  /** Keys of the header above it; empty at the top level. */
  readonly table: readonly string[];
  readonly value: Span;
  /** End of its last line, line end not included. */
  readonly lineEnd: number;
  /** Assignments inside an inline table; `null` when the value is none. */
  readonly inline: readonly Assignment[] | null;
}

/** `[a.b]` or `[[a.b]]`. */
export interface Header {
  readonly kind: 'header';
  readonly path: readonly string[];
  readonly isArray: boolean;
  readonly start: number;
  readonly lineEnd: number;
}

export type Statement = Assignment | Header;

/** All statements of a valid document, in order. */
export function scanToml(text: string): Statement[] {
  return new TomlScanner(text).document();
}

const BARE_KEY = /[A-Za-z0-9_-]/;

class TomlScanner {
  readonly #text: string;
  #at: number;

  constructor(text: string) {
    this.#text = text;
    this.#at = text.startsWith('\ufeff') ? 1 : 0;
  }

  document(): Statement[] {
    const statements: Statement[] = [];
    let table: readonly string[] = [];
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#text[this.#at] === '[') {
        const header = this.#header();
        table = header.path;
        statements.push(header);
      } else {
        statements.push(this.#assignment(table, table));
      }
    }
    return statements;
  }

  #header(): Header {
    const start = this.#at;
    const isArray = this.#text.startsWith('[[', this.#at);
    this.#at += isArray ? 2 : 1;
    const path = this.#keys();
    this.#at += isArray ? 2 : 1;
    return { kind: 'header', path, isArray, start, lineEnd: this.#lineEnd() };
  }

  #assignment(prefix: readonly string[], table: readonly string[]): Assignment {
    const path = [...prefix, ...this.#keys()];
    this.#at += 1; // =
    this.#skipSpaces();
    const start = this.#at;
    const inline = this.#text[this.#at] === '{' ? this.#inlineTable(path, table) : null;
    if (inline === null) this.#skipValue();
    return { kind: 'assignment', path, table, value: { start, end: this.#at }, lineEnd: this.#lineEnd(), inline };
  }

  #inlineTable(path: readonly string[], table: readonly string[]): Assignment[] {
    const assignments: Assignment[] = [];
    this.#at += 1;
    for (this.#skipBlank(); this.#at < this.#text.length && this.#text[this.#at] !== '}'; this.#skipBlank()) {
      if (this.#text[this.#at] === ',') this.#at += 1;
      else assignments.push(this.#assignment(path, table));
    }
    this.#at += 1;
    return assignments;
  }

  /** One key or dotted keys; stands behind them, spaces skipped. */
  #keys(): string[] {
    const keys: string[] = [];
    for (;;) {
      this.#skipSpaces();
      keys.push(this.#key());
      this.#skipSpaces();
      if (this.#text[this.#at] !== '.') return keys;
      this.#at += 1;
    }
  }

  #key(): string {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === '"' || quote === "'") {
      this.#skipString(quote);
      const raw = this.#text.slice(start, this.#at);
      // Escapes of basic strings in keys are those of JSON but for \U and \e, which no key we look for has.
      return quote === "'" || !raw.includes('\\') ? raw.slice(1, -1) : unescapeKey(raw);
    }
    while (BARE_KEY.test(this.#text[this.#at] ?? '')) this.#at += 1;
    // A valid document has no empty bare key: stepping on keeps a wrong guess from standing still for ever.
    if (this.#at === start) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  #skipValue(): void {
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#skipString(first);
    if (first === '[') return this.#skipArray();
    while (this.#at < this.#text.length && !/[\s,#\]}]/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    // `1979-05-27 07:32:00`: a date and its time may be told apart by a space.
    if (/^ \d\d:/.test(this.#text.slice(this.#at, this.#at + 4))) {
      this.#at += 1;
      this.#skipValue();
    }
  }

  #skipArray(): void {
    this.#at += 1;
    for (this.#skipBlank(); this.#at < this.#text.length && this.#text[this.#at] !== ']'; this.#skipBlank()) {
      const next = this.#text[this.#at];
      if (next === ',') this.#at += 1;
      else if (next === '{') this.#inlineTable([], []);
      else this.#skipValue();
    }
    this.#at += 1;
  }

  #skipString(quote: string): void {
    const triple = quote.repeat(3);
    if (this.#text.startsWith(triple, this.#at)) {
      this.#at += 3;
      this.#skipTo(triple, quote);
      this.#at += 3;
      // Up to two quotes may stand right before the closing three.
      while (this.#text[this.#at] === quote) this.#at += 1;
      return;
    }
    this.#at += 1;
    this.#skipTo(quote, quote);
    this.#at += 1;
  }

  #skipTo(end: string, quote: string): void {
    while (this.#at < this.#text.length && !this.#text.startsWith(end, this.#at)) {
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1;
    }
  }

  /** Spaces, line ends and comments. */
  #skipBlank(): void {
    for (;;) {
      while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
      if (this.#text[this.#at] !== '#') return;
      this.#at = this.#lineEnd();
    }
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1;
  }

  /** End of the line that the position stands in; a comment belongs to it, a carriage return does not. */
  #lineEnd(): number {
    const feed = this.#text.indexOf('\n', this.#at);
    const end = feed === -1 ? this.#text.length : feed;
    return end > this.#at && this.#text[end - 1] === '\r' ? end - 1 : end;
  }
}

function unescapeKey(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return raw;
    throw thrown;
  }
}
