/** Events to bytes, in every framing that the standard allows. */
import type { FakeEvent } from './events';

export interface Framing {
  /** Default LF; codex-wire 2.4 allows LF, CR and CRLF. */
  readonly lineEnding?: '\n' | '\r\n' | '\r';
  /** `false` leaves the `event:` line out; default true. */
  readonly eventLine?: boolean;
}

/** One event as SSE bytes, blank line included. */
export function frameEvent(event: FakeEvent, framing: Framing = {}): Buffer {
  const end = framing.lineEnding ?? '\n';
  const name = framing.eventLine === false ? '' : `event: ${event.type}${end}`;
  return Buffer.from(`${name}data: ${JSON.stringify(event)}${end}${end}`);
}

/** Cuts bytes into pieces of at most `size`, wherever that falls: inside CRLF, inside a UTF-8 character. */
export function pieces(bytes: Buffer, size: number | undefined): Buffer[] {
  if (size === undefined || bytes.length <= size) return [bytes];
  const cut: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size) cut.push(bytes.subarray(start, start + size));
  return cut;
}
