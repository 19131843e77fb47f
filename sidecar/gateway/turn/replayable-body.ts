/**
 * A request body on its way from the client to the upstream: a short one can be sent again to another account, of a long one only
 * what is between the two sockets is held.
 */
import { Readable } from 'node:stream';
import type { StreamedBody } from '../upstream/transport';

/** Bodies up to this size are kept until the end; dictation is far below it. */
const KEPT_BYTES = 2 * 1024 * 1024;
/** What may wait for the upstream before the client is told to. */
const WAITING_BYTES = 128 * 1024;

export class ReplayableBody implements StreamedBody {
  /** It is too long to be kept and has begun to go: it cannot be opened again. */
  isSpent = false;
  readonly #onRoom: () => void;
  #chunks: Buffer[] = [];
  /** Place in `#chunks` of what the present reader gets next. */
  #next = 0;
  #total = 0;
  #waiting = 0;
  #ended = false;
  #reader: Readable | null = null;

  /** @param onRoom hears when a `push` that answered `false` may be followed by another */
  constructor(onRoom: () => void) {
    this.#onRoom = onRoom;
  }

  /** `false` = wait for room. */
  push(chunk: Buffer): boolean {
    this.#chunks.push(chunk);
    this.#total += chunk.length;
    this.#waiting += chunk.length;
    this.#deliver();
    return this.#waiting < WAITING_BYTES;
  }

  end(): void {
    this.#ended = true;
    this.#deliver();
  }

  /** Lets go of everything. */
  dispose(): void {
    this.#chunks = [];
    this.#next = 0;
    this.#reader?.destroy();
    this.#reader = null;
  }

  open(): Readable {
    this.#reader?.destroy();
    this.#next = 0;
    this.#waiting = this.#chunks.reduce((bytes, chunk) => bytes + chunk.length, 0);
    const reader = new Readable({ read: () => this.#deliver() });
    this.#reader = reader;
    return reader;
  }

  #deliver(): void {
    const reader = this.#reader;
    if (reader === null || reader.destroyed) return;
    if (this.#total > KEPT_BYTES && !this.isSpent) {
      this.isSpent = true;
      this.#forgetSent();
    }
    const hadRoom = this.#waiting < WAITING_BYTES;
    let wantsMore = true;
    while (wantsMore && this.#next < this.#chunks.length) {
      const chunk = this.#chunks[this.#next];
      if (chunk === undefined) break;
      this.#next += 1;
      this.#waiting -= chunk.length;
      wantsMore = reader.push(chunk);
    }
    if (this.isSpent) this.#forgetSent();
    if (this.#ended && this.#next === this.#chunks.length && !reader.readableEnded) reader.push(null);
    if (!hadRoom && this.#waiting < WAITING_BYTES) this.#onRoom();
  }

  #forgetSent(): void {
    this.#chunks.splice(0, this.#next);
    this.#next = 0;
  }
}
