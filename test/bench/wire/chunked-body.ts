/** Takes HTTP/1.1 chunk framing (RFC 9112 7.1) off a body: a state machine over Buffers, no copies. */

/** Bytes of the body as a range of the Buffer that was fed. */
export type PieceSink = (buffer: Buffer, start: number, end: number) => void;

const enum At {
  Size,
  Extension,
  Data,
  AfterData,
  Trailer,
}

const CR = 0x0d;
const LF = 0x0a;

export class ChunkedBody {
  /** The last chunk and its trailers have been read. */
  done = false;
  #at = At.Size;
  #left = 0;
  #lineLength = 0;

  constructor(private readonly sink: PieceSink) {}

  /** Ready for the next body. */
  reset(): void {
    this.done = false;
    this.#at = At.Size;
    this.#left = 0;
    this.#lineLength = 0;
  }

  /**
   * Reads `buffer[start, end)`.
   * @returns where the body ended, or `end` when it goes on
   * @throws Error on bytes that are no chunk framing
   */
  feed(buffer: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && !this.done) at = this.#at === At.Data ? this.#data(buffer, at, end) : this.#framing(buffer, at);
    return at;
  }

  #data(buffer: Buffer, at: number, end: number): number {
    const stop = Math.min(end, at + this.#left);
    this.sink(buffer, at, stop);
    this.#left -= stop - at;
    if (this.#left === 0) this.#at = At.AfterData;
    return stop;
  }

  /** One byte that is no data. */
  #framing(buffer: Buffer, at: number): number {
    const byte = buffer[at] ?? 0;
    if (byte === LF) this.#lineEnds();
    else if (byte !== CR) this.#inLine(byte);
    return at + 1;
  }

  #lineEnds(): void {
    const wasEmpty = this.#lineLength === 0;
    this.#lineLength = 0;
    switch (this.#at) {
      case At.AfterData:
        this.#at = At.Size;
        break;
      case At.Trailer:
        this.done = wasEmpty;
        break;
      default:
        if (wasEmpty) throw new Error('a chunk without a size');
        this.#at = this.#left === 0 ? At.Trailer : At.Data;
    }
  }

  #inLine(byte: number): void {
    this.#lineLength += 1;
    if (this.#at === At.Trailer || this.#at === At.Extension) return;
    if (this.#at === At.AfterData) throw new Error('a chunk is longer than its size says');
    const digit = hexDigit(byte);
    if (digit >= 0) this.#left = this.#left * 16 + digit;
    else if (byte === 0x3b || byte === 0x20) this.#at = At.Extension;
    else throw new Error(`byte ${String(byte)} in a chunk size`);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
