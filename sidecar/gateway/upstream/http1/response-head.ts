/** The head of an HTTP/1.1 answer (RFC 9112): status, headers, and how its body ends. */
import { ProtocolViolation } from './protocol-violation';

/** How the end of a body is told (RFC 9112 6.3). `length` in bytes; `close` = the connection's end is the body's. */
export type BodyFraming =
  { readonly kind: 'none' | 'chunked' | 'close' } | { readonly kind: 'length'; readonly length: number };

export interface ResponseHead {
  readonly status: number;
  /** Flat `name, value, …` list, names in lower case, values without the spaces around them. */
  readonly headers: string[];
  readonly framing: BodyFraming;
  /** The connection may carry another request afterwards. */
  readonly reusable: boolean;
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/;
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const DIGITS = /^\d{1,15}$/;

/**
 * @param text the head in Latin-1, without the blank line that ends it
 * @throws ProtocolViolation
 */
export function readResponseHead(text: string): ResponseHead {
  const lines = text.split('\r\n');
  const start = STATUS_LINE.exec(lines[0] ?? '');
  if (start === null) throw new ProtocolViolation('status line');
  const status = Number(start[2]);
  const framing = new FramingFacts();
  const headers: string[] = [];
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).toLowerCase();
    // A line that goes on where the one before ended (obs-fold) has a space here and is refused with the rest.
    if (!NAME.test(name)) throw new ProtocolViolation('header name');
    const value = line.slice(colon + 1).trim();
    if (value.includes('\n') || value.includes('\r') || value.includes('\0'))
      throw new ProtocolViolation('header value');
    headers.push(name, value);
    framing.note(name, value);
  }
  const body = framing.of(status);
  const keeps = start[1] === '1' ? !framing.closes : framing.keeps;
  return { status, headers, framing: body, reusable: keeps && body.kind !== 'close' };
}

/** What the headers say about the body's end and the connection's future. */
class FramingFacts {
  closes = false;
  keeps = false;
  #length: string | null = null;
  #transferEncoding: string | null = null;

  note(name: string, value: string): void {
    if (name === 'content-length') {
      if (!DIGITS.test(value) || (this.#length !== null && this.#length !== value)) {
        throw new ProtocolViolation('content-length');
      }
      this.#length = value;
    } else if (name === 'transfer-encoding') {
      if (this.#transferEncoding !== null) throw new ProtocolViolation('transfer-encoding');
      this.#transferEncoding = value.toLowerCase();
    } else if (name === 'connection') {
      for (const token of value.toLowerCase().split(',')) {
        if (token.trim() === 'close') this.closes = true;
        if (token.trim() === 'keep-alive') this.keeps = true;
      }
    }
  }

  of(status: number): BodyFraming {
    if (status < 200 || status === 204 || status === 304) return { kind: 'none' };
    if (this.#transferEncoding !== null) {
      // Two answers to one question: whoever believes the wrong one reads somebody else's answer (RFC 9112 6.3).
      if (this.#transferEncoding !== 'chunked' || this.#length !== null)
        throw new ProtocolViolation('transfer-encoding');
      return { kind: 'chunked' };
    }
    return this.#length === null ? { kind: 'close' } : { kind: 'length', length: Number(this.#length) };
  }
}
