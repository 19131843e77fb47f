/**
 * Takes the chunk framing off a body (RFC 9112 7.1): a state machine over Buffers. The payload of one socket read is moved
 * together inside the very Buffer that was read, so that it goes on as one piece without a copy of its own.
 */
import { ProtocolViolation } from './protocol-violation';

const CR = 0x0d;
const LF = 0x0a;
const SEMICOLON = 0x3b;

/** 2³² − 1 bytes: more than any body may have, and no overflow. */
const MAX_SIZE_DIGITS = 8;
/** Chunk extensions and trailers are read past; more of them than this is an attack. */
const MAX_SKIPPED_BYTES = 64 * 1024;

const enum State {
  Size,
  Extension,
  SizeLf,
  Data,
  DataCr,
  DataLf,
  TrailerStart,
  Trailer,
  TrailerLf,
  LastLf,
  Done,
}

export class ChunkedBody {
  /** Where the payload of the last `feed` begins and ends in the Buffer that was fed. */
  payloadStart = 0;
  payloadEnd = 0;
  #state: State = State.Size;
  #size = 0;
  #digits = 0;
  #skipped = 0;

  get done(): boolean {
    return this.#state === State.Done;
  }

  /**
   * Reads `buffer[from, buffer.length)`.
   * @returns the offset of the first byte that is not part of the body
   * @throws ProtocolViolation
   */
  feed(buffer: Buffer, from: number): number {
    this.payloadStart = this.payloadEnd = from;
    let p = from;
    while (p < buffer.length && this.#state !== State.Done) {
      p = this.#state === State.Data ? this.#take(buffer, p) : this.#step(buffer[p] ?? 0, p);
    }
    return p;
  }

  /** Keeps what there is of the chunk's data. */
  #take(buffer: Buffer, p: number): number {
    const end = Math.min(buffer.length, p + this.#size);
    if (this.payloadStart === this.payloadEnd) this.payloadStart = this.payloadEnd = p;
    if (p !== this.payloadEnd) buffer.copyWithin(this.payloadEnd, p, end);
    this.payloadEnd += end - p;
    this.#size -= end - p;
    if (this.#size === 0) this.#state = State.DataCr;
    return end;
  }

  #step(byte: number, p: number): number {
    switch (this.#state) {
      case State.Size:
        this.#readSize(byte);
        break;
      case State.Extension:
        this.#skip();
        if (byte === CR) this.#state = State.SizeLf;
        else if (byte === LF) throw new ProtocolViolation('chunk extension');
        break;
      case State.SizeLf:
        expectByte(byte, LF, 'chunk size');
        this.#state = this.#size === 0 ? State.TrailerStart : State.Data;
        this.#digits = 0;
        break;
      case State.DataCr:
        expectByte(byte, CR, 'chunk end');
        this.#state = State.DataLf;
        break;
      case State.DataLf:
        expectByte(byte, LF, 'chunk end');
        this.#state = State.Size;
        break;
      default:
        this.#readTrailer(byte);
    }
    return p + 1;
  }

  #readSize(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      this.#digits += 1;
      if (this.#digits > MAX_SIZE_DIGITS) throw new ProtocolViolation('chunk size');
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new ProtocolViolation('chunk size');
    if (byte === CR) this.#state = State.SizeLf;
    else if (byte === SEMICOLON || byte === 0x20 || byte === 0x09) this.#state = State.Extension;
    else throw new ProtocolViolation('chunk size');
  }

  #readTrailer(byte: number): void {
    this.#skip();
    if (this.#state === State.TrailerStart) this.#state = byte === CR ? State.LastLf : State.Trailer;
    else if (this.#state === State.Trailer) this.#state = byte === CR ? State.TrailerLf : State.Trailer;
    else {
      expectByte(byte, LF, 'trailer');
      this.#state = this.#state === State.LastLf ? State.Done : State.TrailerStart;
    }
  }

  #skip(): void {
    this.#skipped += 1;
    if (this.#skipped > MAX_SKIPPED_BYTES) throw new ProtocolViolation('too long chunk extensions or trailers');
  }
}

function expectByte(byte: number, wanted: number, subject: string): void {
  if (byte !== wanted) throw new ProtocolViolation(subject);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
