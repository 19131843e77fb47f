/** Cuts what a socket delivers into HTTP/1.1 messages: heads as text, body bytes without their framing. */
import { ChunkedBody, type PieceSink } from './chunked-body';

/** Who reads the messages. */
export interface MessageParts {
  /** The head without its blank line; a new message begins. */
  readonly head: (text: string) => void;
  readonly piece: PieceSink;
  readonly end: () => void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NONE = Buffer.alloc(0);
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;

export class MessageReader {
  readonly #parts: MessageParts;
  readonly #chunked: ChunkedBody;
  #head: Buffer = NONE;
  #inBody = false;
  #isChunked = false;
  /** Bytes of a body with a length that are still to come. */
  #left = 0;

  constructor(parts: MessageParts) {
    this.#parts = parts;
    this.#chunked = new ChunkedBody(parts.piece);
  }

  /** Throws Error on broken chunk framing. */
  feed(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) at = this.#inBody ? this.#body(chunk, at) : this.#readHead(chunk, at);
  }

  #readHead(chunk: Buffer, at: number): number {
    const before = this.#head.length;
    const bytes = before === 0 ? chunk.subarray(at) : Buffer.concat([this.#head, chunk.subarray(at)]);
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) {
      this.#head = Buffer.from(bytes);
      return chunk.length;
    }
    this.#head = NONE;
    this.#open(bytes.toString('latin1', 0, end));
    return at + end + HEAD_END.length - before;
  }

  #open(head: string): void {
    this.#isChunked = CHUNKED.test(head);
    this.#left = Number(CONTENT_LENGTH.exec(head)?.[1] ?? 0);
    this.#chunked.reset();
    this.#inBody = true;
    this.#parts.head(head);
    if (!this.#isChunked && this.#left === 0) this.#finish();
  }

  #body(chunk: Buffer, at: number): number {
    if (this.#isChunked) {
      const stop = this.#chunked.feed(chunk, at, chunk.length);
      if (this.#chunked.done) this.#finish();
      return stop;
    }
    const stop = Math.min(chunk.length, at + this.#left);
    this.#parts.piece(chunk, at, stop);
    this.#left -= stop - at;
    if (this.#left === 0) this.#finish();
    return stop;
  }

  #finish(): void {
    this.#inBody = false;
    this.#parts.end();
  }
}
