/**
 * One reader of a live socket: what it does not read in time is not kept for it without end. Above the bound messages are
 * left out until it has caught up; it is told then that it missed something. One that answers no ping is cut off.
 */
import type { WebSocket } from 'ws';

export interface BoundedSocketOptions {
  readonly socket: WebSocket;
  /** Makes the message that says "you missed something, read anew"; `null` = the next message heals by itself. */
  readonly resync: (() => Buffer) | null;
  readonly onClose: () => void;
}

/** Bytes that may wait for a reader, in this process. The kernel's buffers come on top. */
export const MAX_WAITING_BYTES = 1024 * 1024;

export class BoundedSocket {
  readonly #socket: WebSocket;
  readonly #resync: (() => Buffer) | null;
  #missed = false;
  #answered = true;

  constructor({ socket, resync, onClose }: BoundedSocketOptions) {
    this.#socket = socket;
    this.#resync = resync;
    socket.on('pong', () => (this.#answered = true));
    // What a broken reader's socket says is its end, which `close` tells as well.
    socket.on('error', () => socket.terminate());
    socket.once('close', onClose);
  }

  /** Sends, or leaves out what the reader is too slow for. */
  send(bytes: Buffer, binary: boolean): void {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + bytes.length > MAX_WAITING_BYTES) {
      this.#missed = true;
      return;
    }
    if (this.#missed) this.#catchUp();
    socket.send(bytes, { binary });
  }

  /** Pings; ends a reader that has not answered the ping before. */
  checkAlive(): void {
    if (!this.#answered) {
      this.#socket.terminate();
      return;
    }
    this.#answered = false;
    if (this.#missed && this.#socket.bufferedAmount === 0) this.#catchUp();
    this.#socket.ping();
  }

  /** Ends it with a reason that clients take as "come back later". */
  goAway(): void {
    this.#socket.close(1001, 'shutting down');
  }

  /** Ends it at once. */
  cut(): void {
    this.#socket.terminate();
  }

  #catchUp(): void {
    this.#missed = false;
    if (this.#resync !== null) this.#socket.send(this.#resync(), { binary: false });
  }
}
