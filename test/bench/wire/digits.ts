/** Decimal numbers of a fixed width inside Buffers, written and read without strings. */

const ZERO = 0x30;

/** Writes `value` right-aligned with leading zeros into `width` bytes. */
export function writeDigits(buffer: Buffer, offset: number, value: number, width: number): void {
  let rest = Math.floor(value);
  for (let at = offset + width - 1; at >= offset; at -= 1) {
    const next = Math.floor(rest / 10);
    buffer[at] = ZERO + (rest - next * 10);
    rest = next;
  }
}

/** Reads what `writeDigits` wrote; the bytes are not checked. */
export function readDigits(buffer: Buffer, offset: number, width: number): number {
  let value = 0;
  for (let at = offset; at < offset + width; at += 1) value = value * 10 + ((buffer[at] ?? ZERO) - ZERO);
  return value;
}
