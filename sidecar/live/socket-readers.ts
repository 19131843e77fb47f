/** The readers of one live socket: all get the same bytes, the dead ones are found and ended. */
import type { WebSocket } from 'ws';
import { BoundedSocket } from './bounded-socket';

/** Ping interval (spec/admin-api.md 11.8); a reader that lets one go unanswered for as long is ended, ms. */
const PING_MS = 30_000;
/** How long a reader may take to say goodbye, ms. */
const GOODBYE_MS = 500;

export class SocketReaders {
  readonly #readers = new Set<BoundedSocket>();
  readonly #onEmpty: () => void;
  #pings: NodeJS.Timeout | null = null;

  /** @param onEmpty runs when the last reader has gone */
  constructor(onEmpty: () => void = () => undefined) {
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#readers.size;
  }

  add(socket: WebSocket, resync: (() => Buffer) | null): BoundedSocket {
    const reader: BoundedSocket = new BoundedSocket({ socket, resync, onClose: () => this.#remove(reader) });
    this.#readers.add(reader);
    this.#pings ??= setInterval(() => this.#checkAll(), PING_MS).unref();
    return reader;
  }

  send(bytes: Buffer, binary: boolean): void {
    for (const reader of this.#readers) reader.send(bytes, binary);
  }

  /** Says goodbye to every reader and resolves when all are gone, within half a second. */
  async close(): Promise<void> {
    for (const reader of this.#readers) reader.goAway();
    if (this.#readers.size === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => {
        for (const reader of this.#readers) reader.cut();
        resolve();
      }, GOODBYE_MS);
      this.#whenEmpty = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #whenEmpty: () => void = () => undefined;

  #remove(reader: BoundedSocket): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    if (this.#pings !== null) clearInterval(this.#pings);
    this.#pings = null;
    this.#onEmpty();
    this.#whenEmpty();
  }

  #checkAll(): void {
    for (const reader of this.#readers) reader.checkAlive();
  }
}
