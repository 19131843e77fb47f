/** Writes a body whose length is not known as chunks (RFC 9112 7.1), no faster than the socket takes it. */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';

const LINE_END = '\r\n';
const LAST_CHUNK = '0\r\n\r\n';

export class BodyPump {
  /** The last byte has been handed to the socket. */
  isDone = false;
  readonly #socket: Socket;
  readonly #source: Readable;

  /** @param onFailure hears that the body ended early; the request can then not be completed */
  constructor(socket: Socket, source: Readable, onFailure: () => void) {
    this.#socket = socket;
    this.#source = source;
    socket.on('drain', this.#onDrain);
    source.on('data', (chunk: Buffer) => this.#write(chunk));
    source.once('end', () => this.#finish());
    source.once('error', onFailure);
  }

  /** Sends no more. */
  stop(): void {
    this.#socket.off('drain', this.#onDrain);
    if (!this.isDone) this.#source.destroy();
  }

  #write(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#socket.cork();
    this.#socket.write(`${chunk.length.toString(16)}${LINE_END}`, 'latin1');
    this.#socket.write(chunk);
    const hasRoom = this.#socket.write(LINE_END, 'latin1');
    this.#socket.uncork();
    if (!hasRoom) this.#source.pause();
  }

  #finish(): void {
    this.#socket.off('drain', this.#onDrain);
    this.#socket.write(LAST_CHUNK, 'latin1');
    this.isDone = true;
  }

  readonly #onDrain = (): void => {
    this.#source.resume();
  };
}
