/**
 * The mark that every counted event carries in its text: `~@`, a kind, a running number and the time it was sent. It
 * survives proxies that take events apart and put them together again.
 */
import { readDigits, writeDigits } from './digits';

/** What the search looks for; nothing else in the canned bytes contains it. */
export const MARK = Buffer.from('~@');

/** `d` = a delta, `c` = the completed event, whose number is the count of deltas before it. */
export type MarkKind = 'd' | 'c';

const NUMBER_DIGITS = 7;
const STAMP_DIGITS = 16;
const NUMBER_AT = MARK.length + 1;
const STAMP_AT = NUMBER_AT + NUMBER_DIGITS;

/** Bytes of a whole mark. */
export const MARK_BYTES = STAMP_AT + STAMP_DIGITS;

/** Byte of kind `c`. */
export const COMPLETED_KIND = 0x63;

/** A mark as text. `stampMicros` 0 = the time does not matter. */
export function markText(kind: MarkKind, number: number, stampMicros = 0): string {
  const digits = (value: number, width: number): string => String(Math.floor(value)).padStart(width, '0');
  return `${MARK.toString()}${kind}${digits(number, NUMBER_DIGITS)}${digits(stampMicros, STAMP_DIGITS)}`;
}

/** Overwrites number and time of the mark at `at`. */
export function stampMark(buffer: Buffer, at: number, number: number, stampMicros: number): void {
  writeDigits(buffer, at + NUMBER_AT, number, NUMBER_DIGITS);
  writeDigits(buffer, at + STAMP_AT, stampMicros, STAMP_DIGITS);
}

/** Running number of the mark at `at`. */
export function markNumber(buffer: Buffer, at: number): number {
  return readDigits(buffer, at + NUMBER_AT, NUMBER_DIGITS);
}

/** Microseconds of the shared clock in the mark at `at`. */
export function markMicros(buffer: Buffer, at: number): number {
  return readDigits(buffer, at + STAMP_AT, STAMP_DIGITS);
}
