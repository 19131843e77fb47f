/**
 * Lines and boundaries of server-sent events in Buffers (WHATWG HTML 9.2.5/9.2.6): LF, CR and CRLF end a line, in any mix; a blank
 * line ends an event. U+2028 and U+2029 are ordinary bytes here, as nothing is decoded.
 */

/** The two bytes that end lines. */
export const LF = 0x0a;
export const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;

const DATA = Buffer.from('data');
const EVENT = Buffer.from('event');

/** Offset of the first byte at or behind `from` that is no line end: blank lines between events mean nothing. */
export function skipBlankLines(bytes: Buffer, from: number): number {
  let p = from;
  while (p < bytes.length && (bytes[p] === LF || bytes[p] === CR)) p++;
  return p;
}

/**
 * Offset behind the blank line that ends the event, or -1. `previous` is the byte before `from`: 0 at the first byte of an event,
 * the last byte of the carry inside one. `hasCr` must be true when a CR may occur in `bytes` or in `previous`.
 */
export function eventBoundary(bytes: Buffer, from: number, previous: number, hasCr: boolean): number {
  if (hasCr) return mixedBoundary(bytes, from, previous);
  let p = from;
  for (;;) {
    const q = bytes.indexOf(LF, p);
    if (q < 0) return -1;
    if ((q === from ? previous : bytes[q - 1]) === LF) return q + 1;
    p = q + 1;
  }
}

function mixedBoundary(bytes: Buffer, from: number, previous: number): number {
  let before = previous;
  for (let p = from; p < bytes.length; p++) {
    const c = bytes[p] ?? 0;
    if (c === LF && before === LF) return p + 1;
    if (c === CR && (before === LF || before === CR)) return bytes[p + 1] === LF ? p + 2 : p + 1;
    before = c;
  }
  return -1;
}

/** Offset of the line end (or `end`) of the line that contains `from`. */
export function lineEnd(bytes: Buffer, from: number, end: number): number {
  let p = from;
  while (p < end && bytes[p] !== LF && bytes[p] !== CR) p++;
  return p;
}

/** Offset of the first byte of the next line, `at` being a line end. */
export function nextLine(bytes: Buffer, at: number, end: number): number {
  return at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** Where the value of `event:` begins when the line at `at` is one, else -1. */
export function eventValue(bytes: Buffer, at: number, end: number): number {
  return fieldValue(bytes, at, end, EVENT);
}

/** Where the value of `data:` begins when the line at `at` is one, else -1. */
export function dataValue(bytes: Buffer, at: number, end: number): number {
  return fieldValue(bytes, at, end, DATA);
}

function fieldValue(bytes: Buffer, at: number, end: number, field: Buffer): number {
  const length = field.length;
  if (at + length >= end) return -1;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== field[i]) return -1;
  if (bytes[at + length] !== COLON) return -1;
  return bytes[at + length + 1] === SPACE ? at + length + 2 : at + length + 1;
}

/** Offset behind a byte order mark at `at`, else `at`. */
export function skipByteOrderMark(bytes: Buffer, at: number): number {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
}

/** The data of one event: its `data:` lines joined by LF. A view of `bytes` when there is one line. */
export function eventData(bytes: Buffer, start: number, end: number): Buffer {
  const lines: Buffer[] = [];
  for (let p = skipByteOrderMark(bytes, start); p < end;) {
    const value = dataValue(bytes, p, end);
    // Data lines may be megabytes long, so their end is searched natively; a CR inside one can only be its line end.
    const stop = value < 0 ? lineEnd(bytes, p, end) : longLineEnd(bytes, value, end);
    if (value >= 0) lines.push(bytes.subarray(value, stop));
    p = nextLine(bytes, stop, end);
  }
  const [first] = lines;
  if (first === undefined) return Buffer.alloc(0);
  return lines.length === 1 ? first : Buffer.concat(lines.flatMap((line, i) => (i === 0 ? [line] : [LINE_FEED, line])));
}

const LINE_FEED = Buffer.from('\n');

function longLineEnd(bytes: Buffer, from: number, end: number): number {
  const view = bytes.subarray(from, end);
  const lf = view.indexOf(LF);
  const cr = (lf < 0 ? view : view.subarray(0, lf)).indexOf(CR);
  if (cr >= 0) return from + cr;
  return lf < 0 ? end : from + lf;
}
