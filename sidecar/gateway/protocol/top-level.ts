/**
 * Finds the members of one JSON object, or the items of one array, by offsets into the body's bytes, so that a turn can read
 * and change single fields without parsing megabytes of history (performance.md A4: a parse of 1 MB stops every stream for 3.7 ms).
 * The grammar is checked at every depth; the inside of string values is not (see json-walk).
 */
import { TightropeError } from '../../platform/errors';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  invalidJson,
  skipKey,
  skipSpace,
  skipString,
  skipValue,
} from './json-walk';

/** Kind of a value, told by its first byte; the two booleans are kinds of their own. */
export type JsonKind = 'string' | 'number' | 'object' | 'array' | 'true' | 'false' | 'null';

/** Byte offsets into the scanned Buffer; ends are exclusive. Array items have `keyStart === valueStart`. */
export interface Span {
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A member with its decoded key. */
export interface Member extends Span {
  readonly key: string;
}

/** One object of the body, seen through its bytes. */
export interface TopLevel {
  /** Offset of `{`. */
  readonly start: number;
  /** Offset behind `}`. */
  readonly end: number;
  /** Every member in source order, duplicates included. */
  readonly members: readonly Member[];
  has(key: string): boolean;
  /** Last duplicate wins, as in JSON.parse. */
  span(key: string): Member | undefined;
  kind(key: string): JsonKind | undefined;
  /** The decoded value when it is a string; `invalid_json` when its escapes are wrong. */
  string(key: string): string | undefined;
  bool(key: string): boolean | undefined;
  /** Each key once, in the order of first appearance. */
  keys(): Iterable<string>;
}

/** A record is kept per member and item: without a bound 128 MiB of `0,0,0` would become gigabytes. No client is near it. */
const MAX_MEMBERS = 10_000;
const MAX_ITEMS = 500_000;

/** More members than this are looked up by a map; below it a walk over the list is faster. */
const MAP_FROM_MEMBERS = 32;

class ObjectScan implements TopLevel {
  readonly #body: Buffer;
  #map: Map<string, Member> | undefined;

  constructor(
    body: Buffer,
    readonly start: number,
    readonly end: number,
    readonly members: readonly Member[],
  ) {
    this.#body = body;
  }

  has(key: string): boolean {
    return this.span(key) !== undefined;
  }

  span(key: string): Member | undefined {
    if (this.members.length > MAP_FROM_MEMBERS) {
      this.#map ??= new Map(this.members.map((member) => [member.key, member]));
      return this.#map.get(key);
    }
    for (let i = this.members.length - 1; i >= 0; i--) {
      const member = this.members[i];
      if (member?.key === key) return member;
    }
    return undefined;
  }

  kind(key: string): JsonKind | undefined {
    const span = this.span(key);
    return span === undefined ? undefined : kindAt(this.#body, span.valueStart);
  }

  string(key: string): string | undefined {
    const span = this.span(key);
    if (span === undefined || this.#body[span.valueStart] !== QUOTE) return undefined;
    return decodeString(this.#body, span.valueStart, span.valueEnd);
  }

  bool(key: string): boolean | undefined {
    const kind = this.kind(key);
    if (kind === 'true') return true;
    return kind === 'false' ? false : undefined;
  }

  keys(): Iterable<string> {
    return new Set(this.members.map((member) => member.key));
  }
}

/**
 * Scans a whole body: one object, with or without a byte order mark and surrounding whitespace.
 * Throws TightropeError `invalid_json` naming byte and reason.
 */
export function scanTopLevel(body: Buffer): TopLevel {
  const hasBom = body.length >= 3 && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf;
  const start = skipSpace(body, hasBom ? 3 : 0, body.length);
  if (start === body.length) throw invalidJson(start, 'the body is empty');
  if (body[start] !== OPEN_BRACE) throw invalidJson(start, 'a JSON object was expected');
  const scan = scanObjectAt(body, start, body.length);
  const rest = skipSpace(body, scan.end, body.length);
  if (rest !== body.length) throw invalidJson(rest, 'something follows the object');
  return scan;
}

/** Scans the object whose `{` is at `start`; it must close before `end`. Throws as `scanTopLevel`, and for too many members. */
export function scanObjectAt(body: Buffer, start: number, end: number): TopLevel {
  if (body[start] !== OPEN_BRACE) throw invalidJson(start, 'an object was expected');
  const members: Member[] = [];
  let p = skipSpace(body, start + 1, end);
  if (p < end && body[p] === CLOSE_BRACE) return new ObjectScan(body, start, p + 1, members);
  for (;;) {
    const keyStart = p;
    const valueStart = skipKey(body, p, end);
    const valueEnd = skipValue(body, valueStart, end);
    if (members.length === MAX_MEMBERS) throw tooMany(`an object holds more than ${MAX_MEMBERS} members`);
    members.push({ key: decodeKey(body, keyStart), keyStart, valueStart, valueEnd });
    p = skipSpace(body, valueEnd, end);
    if (p >= end) throw invalidJson(end, 'the body ends early');
    if (body[p] === CLOSE_BRACE) return new ObjectScan(body, start, p + 1, members);
    if (body[p] !== COMMA) throw invalidJson(p, 'a comma or } was expected');
    p = skipSpace(body, p + 1, end);
  }
}

/** Spans of the items of the array that `span` covers. Throws `invalid_request_error` for too many. */
export function scanArrayItems(body: Buffer, span: Pick<Span, 'valueStart' | 'valueEnd'>): Span[] {
  const end = span.valueEnd;
  if (body[span.valueStart] !== OPEN_BRACKET) throw invalidJson(span.valueStart, 'an array was expected');
  const items: Span[] = [];
  let p = skipSpace(body, span.valueStart + 1, end);
  if (p < end && body[p] === CLOSE_BRACKET) return items;
  for (;;) {
    const valueEnd = skipValue(body, p, end);
    if (items.length === MAX_ITEMS) throw tooMany(`an array holds more than ${MAX_ITEMS} items`);
    items.push({ keyStart: p, valueStart: p, valueEnd });
    p = skipSpace(body, valueEnd, end);
    if (p >= end) throw invalidJson(end, 'the body ends early');
    if (body[p] === CLOSE_BRACKET) return items;
    if (body[p] !== COMMA) throw invalidJson(p, 'a comma or ] was expected');
    p = skipSpace(body, p + 1, end);
  }
}

function tooMany(what: string): TightropeError {
  return new TightropeError('invalid_request_error', { message: `The body is not accepted: ${what}.` });
}

/** Kind of the scanned value that begins at `at`. */
export function kindAt(body: Buffer, at: number): JsonKind {
  switch (body[at]) {
    case QUOTE:
      return 'string';
    case OPEN_BRACE:
      return 'object';
    case OPEN_BRACKET:
      return 'array';
    case 0x74:
      return 'true';
    case 0x66:
      return 'false';
    case 0x6e:
      return 'null';
    default:
      return 'number';
  }
}

/** Decodes the string value `body[start, end)`, quotes included. */
export function decodeString(body: Buffer, start: number, end: number): string {
  try {
    return String(JSON.parse(body.toString('utf8', start, end)));
  } catch (error) {
    throw invalidJson(start, 'a string holds a bad escape or a raw control character', error);
  }
}

function decodeKey(body: Buffer, keyStart: number): string {
  const keyEnd = skipString(body, keyStart, body.length);
  for (let p = keyStart + 1; p < keyEnd - 1; p++) {
    const c = body[p];
    if (c === 0x5c || (c !== undefined && c < 0x20)) return decodeString(body, keyStart, keyEnd);
  }
  return body.toString('utf8', keyStart + 1, keyEnd - 1);
}
