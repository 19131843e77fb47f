/**
 * Walks JSON bytes without building values (RFC 8259 grammar). Every function takes the offset of what it skips and returns the
 * offset behind it; `end` is exclusive. Only the inside of strings is not looked at: a raw control character or a bad escape
 * there passes, because long strings are jumped over by native search and upstream parses the body anyway.
 */
import { TightropeError } from '../../platform/errors';

/** The bytes that make the structure. */
export const QUOTE = 0x22;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
const BACKSLASH = 0x5c;

/** Deepest nesting that is followed; a tool schema needs about 30, and the walk's memory must not grow with the input. */
const MAX_DEPTH = 512;

/** Bytes looked at one by one before the native search is called: below this the call costs more than the loop. */
const NEAR_BYTES = 24;

/** `invalid_json` naming the byte (from the start of the body) and the reason. */
export function invalidJson(at: number, reason: string, cause?: unknown): TightropeError {
  return new TightropeError('invalid_json', {
    message: `The body is not valid JSON: ${reason} at byte ${at}.`,
    details: { byte: at },
    cause,
  });
}

/** Offset of the first byte that is not JSON whitespace. */
export function skipSpace(body: Buffer, at: number, end: number): number {
  let p = at;
  while (p < end) {
    const c = body[p];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
    p++;
  }
  return p;
}

/** Skips the string whose opening quote is at `at`. */
export function skipString(body: Buffer, at: number, end: number): number {
  let p = at + 1;
  for (;;) {
    const near = Math.min(end, p + NEAR_BYTES);
    while (p < near) {
      const c = body[p];
      if (c === QUOTE) return p + 1;
      p += c === BACKSLASH ? 2 : 1;
    }
    const quote = p < end ? body.indexOf(QUOTE, p) : -1;
    if (quote < 0 || quote >= end) throw invalidJson(end, 'a string is not closed');
    let run = quote;
    while (run > p && body[run - 1] === BACKSLASH) run--;
    p = quote + 1;
    if (((quote - run) & 1) === 0) return p;
  }
}

/** Skips one value of any kind whose first byte is at `at`. */
export function skipValue(body: Buffer, at: number, end: number): number {
  if (at >= end) throw invalidJson(end, 'a value is missing');
  const c = body[at];
  return c === OPEN_BRACE || c === OPEN_BRACKET ? skipContainer(body, at, end) : skipScalar(body, at, end);
}

function skipScalar(body: Buffer, at: number, end: number): number {
  switch (body[at]) {
    case QUOTE:
      return skipString(body, at, end);
    case 0x74:
      return skipLiteral(body, at, end, 'true');
    case 0x66:
      return skipLiteral(body, at, end, 'false');
    case 0x6e:
      return skipLiteral(body, at, end, 'null');
    default:
      return skipNumber(body, at, end);
  }
}

function skipLiteral(body: Buffer, at: number, end: number, literal: string): number {
  for (let i = 0; i < literal.length; i++) {
    if (at + i >= end || body[at + i] !== literal.charCodeAt(i)) throw invalidJson(at + i, 'unknown literal');
  }
  return at + literal.length;
}

function skipDigits(body: Buffer, at: number, end: number): number {
  let p = at;
  while (p < end && isDigit(body[p])) p++;
  if (p === at) throw invalidJson(p, at < end ? 'unexpected character' : 'the body ends early');
  return p;
}

function isDigit(c: number | undefined): boolean {
  return c !== undefined && c >= 0x30 && c <= 0x39;
}

function skipNumber(body: Buffer, at: number, end: number): number {
  let p = body[at] === 0x2d ? at + 1 : at;
  const leadingZero = p < end && body[p] === 0x30;
  p = leadingZero ? p + 1 : skipDigits(body, p, end);
  if (p < end && body[p] === 0x2e) p = skipDigits(body, p + 1, end);
  if (p < end && (body[p] === 0x65 || body[p] === 0x45)) {
    p++;
    if (p < end && (body[p] === 0x2b || body[p] === 0x2d)) p++;
    p = skipDigits(body, p, end);
  }
  return p;
}

/** Skips a member's key with its colon; returns the offset of the value's first byte. */
export function skipKey(body: Buffer, at: number, end: number): number {
  if (at >= end) throw invalidJson(end, 'the body ends early');
  if (body[at] !== QUOTE) throw invalidJson(at, 'a key in double quotes was expected');
  const colon = skipSpace(body, skipString(body, at, end), end);
  if (colon >= end || body[colon] !== COLON) throw invalidJson(Math.min(colon, end), 'a colon was expected');
  return skipSpace(body, colon + 1, end);
}

/** Offset of the next value's first byte behind an opener or a comma; in an object its key is skipped first. */
function nextValue(body: Buffer, at: number, end: number, closer: number | undefined): number {
  const p = skipSpace(body, at, end);
  return closer === CLOSE_BRACE ? skipKey(body, p, end) : p;
}

/** Skips the object or array that opens at `at`, however deep, without recursion. */
function skipContainer(body: Buffer, at: number, end: number): number {
  const closers = new Uint8Array(MAX_DEPTH);
  let depth = 0;
  let p = at;
  for (;;) {
    // Here `p` is at the first byte of a value.
    if (p >= end) throw invalidJson(end, 'a value is missing');
    const c = body[p];
    if (c === OPEN_BRACE || c === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) throw invalidJson(p, `nesting is deeper than ${MAX_DEPTH}`);
      const closer = c === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      closers[depth++] = closer;
      p = skipSpace(body, p + 1, end);
      if (p < end && body[p] !== closer) {
        p = nextValue(body, p, end, closer);
        continue;
      }
    } else {
      p = skipScalar(body, p, end);
    }
    // Here `p` is behind a scalar, or at the closer of an empty container: close as many as close here.
    for (;;) {
      p = skipSpace(body, p, end);
      if (p >= end) throw invalidJson(end, 'the body ends early');
      const closer = closers[depth - 1];
      if (body[p] === COMMA) {
        p = nextValue(body, p + 1, end, closer);
        break;
      }
      if (body[p] !== closer) throw invalidJson(p, `a comma or ${closer === CLOSE_BRACE ? '}' : ']'} was expected`);
      p++;
      if (--depth === 0) return p;
    }
  }
}
