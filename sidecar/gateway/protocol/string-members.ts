/** Finds the string values of one member name at any depth by native search: no JSON, no walk over what lies between. */
import { COLON, QUOTE, skipSpace } from './json-walk';
import type { Needle } from './item-search';

/**
 * Calls `found` with the bytes of every string value, without its quotes and as they stand (escapes are not undone: the values
 * looked for here have none). A name inside a text is no hit: its quotes are escaped there. `hint` only rules out quickly.
 */
export function eachStringMember(
  bytes: Buffer,
  from: number,
  to: number,
  name: Needle,
  found: (value: Buffer) => void,
): void {
  if (!bytes.subarray(from, to).includes(name.hint)) return;
  for (let at = bytes.indexOf(name.bytes, from); at >= 0 && at < to; at = bytes.indexOf(name.bytes, at)) {
    at += name.bytes.length;
    const colon = skipSpace(bytes, at, to);
    if (bytes[colon] !== COLON) continue;
    const open = skipSpace(bytes, colon + 1, to);
    if (bytes[open] !== QUOTE) continue;
    const close = bytes.indexOf(QUOTE, open + 1);
    if (close < 0 || close >= to) return;
    if (close > open + 1) found(bytes.subarray(open + 1, close));
    at = close;
  }
}
