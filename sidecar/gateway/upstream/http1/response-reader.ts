/** Reads one answer out of the bytes of a connection: heads of 1xx passed over, the body freed of its framing. */
import { ChunkedBody } from './chunked-body';
import { ProtocolViolation } from './protocol-violation';
import { readResponseHead, type ResponseHead } from './response-head';

/** Hears what is read; may end the call from inside, which the reader's owner must notice. */
export interface ResponseSink {
  onHead(status: number, headers: readonly string[]): void;
  /** Payload of one socket read. */
  onChunk(chunk: Buffer): void;
}

/** `complete`: the answer has ended, nothing may follow. */
export type ReadState = 'head' | 'body' | 'complete';

const HEAD_END = Buffer.from('\r\n\r\n');
/** Codex rate-limit families make large heads; Node's own 16 KiB is too little. */
const MAX_HEAD_BYTES = 64 * 1024;

export class ResponseReader {
  state: ReadState = 'head';
  /** Known from the head on. */
  reusable = false;
  #head: ResponseHead | null = null;
  #kept: Buffer | null = null;
  #chunked: ChunkedBody | null = null;
  #left = 0;

  /**
   * @returns the bytes behind the answer's end: 0 unless the upstream sent what nobody asked for
   * @throws ProtocolViolation
   */
  feed(bytes: Buffer, sink: ResponseSink): number {
    let buffer = bytes;
    let at = 0;
    while (this.state === 'head') {
      const joined = this.#kept === null ? buffer : Buffer.concat([this.#kept, buffer]);
      const end = joined.indexOf(HEAD_END, at);
      if (end === -1) {
        this.#kept = at === 0 ? joined : joined.subarray(at);
        if (this.#kept.length > MAX_HEAD_BYTES) throw new ProtocolViolation('head too large');
        return 0;
      }
      if (end - at > MAX_HEAD_BYTES) throw new ProtocolViolation('head too large');
      this.#kept = null;
      buffer = joined;
      this.#begin(readResponseHead(joined.toString('latin1', at, end)), sink);
      at = end + HEAD_END.length;
    }
    return this.#readBody(buffer, at, sink);
  }

  /** The connection has ended: whether the answer has, too. */
  finish(): boolean {
    if (this.state === 'body' && this.#head?.framing.kind === 'close') this.state = 'complete';
    return this.state === 'complete';
  }

  #begin(head: ResponseHead, sink: ResponseSink): void {
    if (head.status === 101) throw new ProtocolViolation('unwanted upgrade');
    if (head.status < 200) return;
    this.#head = head;
    this.reusable = head.reusable;
    const { framing } = head;
    if (framing.kind === 'chunked') this.#chunked = new ChunkedBody();
    if (framing.kind === 'length') this.#left = framing.length;
    const isEmpty = framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0);
    this.state = isEmpty ? 'complete' : 'body';
    sink.onHead(head.status, head.headers);
  }

  #readBody(buffer: Buffer, from: number, sink: ResponseSink): number {
    if (this.state === 'complete' || from === buffer.length) return buffer.length - from;
    const chunked = this.#chunked;
    if (chunked !== null) {
      const end = chunked.feed(buffer, from);
      if (chunked.done) this.state = 'complete';
      if (chunked.payloadEnd > chunked.payloadStart) {
        sink.onChunk(buffer.subarray(chunked.payloadStart, chunked.payloadEnd));
      }
      return buffer.length - end;
    }
    if (this.#head?.framing.kind !== 'length') {
      sink.onChunk(buffer.subarray(from));
      return 0;
    }
    const end = Math.min(buffer.length, from + this.#left);
    this.#left -= end - from;
    if (this.#left === 0) this.state = 'complete';
    sink.onChunk(buffer.subarray(from, end));
    return buffer.length - end;
  }
}
