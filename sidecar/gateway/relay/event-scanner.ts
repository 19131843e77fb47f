/**
 * Cuts a stream of chunks into whole server-sent events and picks out the few that the turn must see. A state machine over
 * Buffers: no JSON, no strings, no allocation per event; the chunk that came is the chunk that goes on (performance.md A4).
 */
import { TightropeError } from '../../platform/errors';
import { CR, eventBoundary, skipBlankLines } from './event-lines';
import { EventType } from './event-type';
import type { EventKind } from './event-type';

/** Receives what one `feed` finds. */
export interface EventVisitor {
  /** One complete event other than `other`: `buffer[start, end)`, blank line included. Comes before `forward` of the same bytes. */
  event(kind: EventKind, buffer: Buffer, start: number, end: number): void;
  /**
   * Whole events only, once per `feed` at most, after all `event` calls of that feed. It is the Buffer `event` was given, or a
   * view of its front, so offsets agree; and the fed chunk itself when nothing was carried over and nothing is left.
   */
  forward(bytes: Buffer): void;
}

/** Bytes of an event that never ended. */
export interface Leftover {
  readonly bytes: Buffer;
  readonly kind: EventKind;
}

/** Largest single event: upstream's own limit is 16 MiB (codex-wire 2.4), doubled. */
const CARRY_LIMIT_BYTES = 32 * 1024 * 1024;

/** One per upstream stream. */
export class EventScanner {
  /** Events of kind `other` and `item_done` seen so far: above 0 = the model has spoken. */
  others = 0;
  readonly #type = new EventType();
  readonly #carryLimitBytes: number;
  #carry: Buffer[] = [];
  #carryBytes = 0;
  #carryHasCr = false;
  #lastByte = 0;

  constructor(carryLimitBytes: number = CARRY_LIMIT_BYTES) {
    this.#carryLimitBytes = carryLimitBytes;
  }

  /** Throws TightropeError `upstream_response_too_large` when one event grows past the limit. */
  feed(chunk: Buffer, visitor: EventVisitor): void {
    const hasCr = this.#carryHasCr || chunk.includes(CR);
    let buffer = chunk;
    let end = 0;
    if (this.#carryBytes > 0) {
      const boundary = eventBoundary(chunk, 0, this.#lastByte, hasCr);
      if (boundary < 0) {
        this.#keep(chunk, hasCr);
        return;
      }
      end = this.#carryBytes + boundary;
      buffer = Buffer.concat([...this.#carry, chunk], this.#carryBytes + chunk.length);
      this.#dropCarry();
      this.#report(buffer, 0, end, visitor);
    }
    for (;;) {
      const start = skipBlankLines(buffer, end);
      const boundary = start === buffer.length ? -1 : eventBoundary(buffer, start, 0, hasCr);
      if (boundary < 0) {
        end = start;
        break;
      }
      end = boundary;
      this.#report(buffer, start, end, visitor);
    }
    if (end > 0) visitor.forward(end === buffer.length ? buffer : buffer.subarray(0, end));
    if (end < buffer.length) this.#keep(tail(buffer, end), hasCr);
  }

  /** End of the stream: the last event if no blank line ended it, `null` when nothing is left. */
  finish(): Leftover | null {
    if (this.#carryBytes === 0) return null;
    const bytes = Buffer.concat(this.#carry, this.#carryBytes);
    this.#dropCarry();
    return { bytes, kind: this.#type.read(bytes, 0, bytes.length) };
  }

  #report(buffer: Buffer, start: number, end: number, visitor: EventVisitor): void {
    const kind = this.#type.read(buffer, start, end);
    if (kind === 'other' || kind === 'item_done') this.others++;
    if (kind !== 'other') visitor.event(kind, buffer, start, end);
  }

  /** Pieces are only listed, so that a huge event is copied once, when its end has come. */
  #keep(piece: Buffer, hasCr: boolean): void {
    this.#carryBytes += piece.length;
    if (this.#carryBytes > this.#carryLimitBytes) {
      throw new TightropeError('upstream_response_too_large', {
        message: `The upstream sent one event of more than ${this.#carryLimitBytes} bytes.`,
      });
    }
    this.#carry.push(piece);
    this.#carryHasCr = hasCr;
    this.#lastByte = piece[piece.length - 1] ?? this.#lastByte;
  }

  #dropCarry(): void {
    this.#carry = [];
    this.#carryBytes = 0;
    this.#carryHasCr = false;
    this.#lastByte = 0;
  }
}

/** The bytes behind `end`, copied when a view would keep a much larger Buffer alive. */
function tail(buffer: Buffer, end: number): Buffer {
  const view = buffer.subarray(end);
  return view.length * 4 < buffer.length ? Buffer.from(view) : view;
}
