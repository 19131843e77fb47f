/**
 * One client WebSocket: takes frames in order, one turn at a time, passes what is no turn straight to the live upstream socket, and
 * watches that the client is still there.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { TightropeError, toTightropeError } from '../../platform/errors';
import { CREATE_TYPE, readClientFrame } from '../protocol/client-frame';
import { errorFrame } from '../turn/frame-answer';
import type { FrameClient } from '../turn/frame-turn';

/** What a client socket asks of the gateway. */
export interface SocketHost {
  /** Serves one frame and resolves at the end of its answer; never rejects. */
  serve(client: ClientSocket, frame: Buffer): Promise<void>;
  /** Hands a frame to the conversation's live upstream socket; `false` = there is none. */
  pass(conversation: string, frame: Buffer, binary: boolean): boolean;
  /** See SocketPool.hold. */
  hold(conversation: string): () => void;
  /** New turns are not taken any more: the socket closes when its running one has ended. */
  readonly isDraining: boolean;
}

export interface SocketTimes {
  /** Without any sign of life for this long the client is gone, ms. */
  readonly idleMs: number;
  /** Between two pings while a turn runs, ms. */
  readonly heartbeatMs: number;
}

/** Unsent bytes from which on the upstream has to wait. */
const SLOW_BYTES = 256 * 1024;
/** Frames that may wait for the running turn; the Codex client sends one at a time (codex-wire 2.5). */
const MAX_WAITING = 16;
const MAX_WAITING_BYTES = 128 * 1024 * 1024;
const GOING_AWAY = 1001;

export class ClientSocket extends EventEmitter implements FrameClient {
  readonly #socket: WebSocket;
  readonly #host: SocketHost;
  readonly #waiting: Buffer[] = [];
  readonly #held = new Map<string, () => void>();
  #conversation: string | null = null;
  #waitingBytes = 0;
  #isServing = false;
  #isStalled = false;
  #heardAtMs = performance.now();
  readonly #watch: NodeJS.Timeout;
  /** How many turns it has opened. */
  turns = 0;

  constructor(
    readonly id: string,
    readonly request: IncomingMessage,
    socket: WebSocket,
    host: SocketHost,
    private readonly times: SocketTimes,
  ) {
    super();
    // Every waiting or running turn listens for the end.
    this.setMaxListeners(0);
    this.#socket = socket;
    this.#host = host;
    this.#watch = setInterval(() => this.#lookAfter(), Math.min(times.heartbeatMs, times.idleMs / 2));
    this.#watch.unref();
    socket.on('message', (data, isBinary) => this.#take(data as Buffer, isBinary));
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => this.#heard());
    // An oversized or malformed frame; the library closes the socket itself.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#onClose());
  }

  send(frame: Buffer | string): boolean {
    const socket = this.#socket;
    if (socket.readyState !== socket.OPEN) return true;
    if (socket.bufferedAmount < SLOW_BYTES) {
      socket.send(frame, { binary: false });
      return true;
    }
    this.#isStalled = true;
    socket.send(frame, { binary: false }, () => this.#onSent());
    return false;
  }

  ping(): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  talksIn(conversation: string): void {
    this.#conversation = conversation;
    if (!this.#held.has(conversation)) this.#held.set(conversation, this.#host.hold(conversation));
  }

  destroy(): void {
    this.#socket.terminate();
  }

  /** Closes now if no turn runs, else when the last one has ended. */
  closeWhenIdle(): void {
    if (!this.#isServing) this.#socket.close(GOING_AWAY);
  }

  #take(frame: Buffer, isBinary: boolean): void {
    this.#heard();
    if (this.#isCreate(frame)) this.#enqueue(frame);
    else this.#pass(frame, isBinary);
  }

  /** Broken JSON is a turn, too: its error is an answer and a row in the log. */
  #isCreate(frame: Buffer): boolean {
    if (frame.subarray(0, 64).includes(CREATE_TYPE)) return true;
    try {
      return readClientFrame(frame).kind === 'create';
    } catch (thrown) {
      if (thrown instanceof TightropeError) return true;
      throw thrown;
    }
  }

  #enqueue(frame: Buffer): void {
    if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes + frame.length > MAX_WAITING_BYTES) {
      this.send(
        errorFrame(new TightropeError('proxy_overloaded', { message: 'Too many frames wait on this socket.' })),
      );
      return;
    }
    this.#waiting.push(frame);
    this.#waitingBytes += frame.length;
    if (!this.#isServing) void this.#serveAll();
  }

  async #serveAll(): Promise<void> {
    this.#isServing = true;
    for (let frame = this.#waiting.shift(); frame !== undefined; frame = this.#waiting.shift()) {
      this.#waitingBytes -= frame.length;
      this.turns += 1;
      await this.#host.serve(this, frame);
    }
    this.#isServing = false;
    if (this.#host.isDraining) this.closeWhenIdle();
  }

  /** `response.cancel`, `response.processed` and whatever comes next: not ours to judge (codex-wire 2.5). */
  #pass(frame: Buffer, isBinary: boolean): void {
    if (this.#conversation !== null && this.#host.pass(this.#conversation, frame, isBinary)) return;
    const read = readClientFrame(frame);
    // Nothing runs that could be cancelled, and nobody waits for an acknowledgement.
    if (read.kind === 'other' && (read.type === 'response.cancel' || read.type === 'response.processed')) return;
    const message = 'There is no active upstream session on this socket.';
    this.send(errorFrame(toTightropeError(new TightropeError('invalid_request_error', { message, param: 'type' }))));
  }

  #onSent(): void {
    if (!this.#isStalled || this.#socket.bufferedAmount >= SLOW_BYTES) return;
    this.#isStalled = false;
    this.emit('drain');
  }

  #heard(): void {
    this.#heardAtMs = performance.now();
  }

  #lookAfter(): void {
    const silentMs = performance.now() - this.#heardAtMs;
    // A client that does not read cannot answer pings either; the turn's own idle time bounds it.
    if (silentMs > this.times.idleMs && !this.#isStalled) this.#socket.terminate();
    else if (this.#isServing || silentMs > this.times.idleMs / 3) this.ping();
  }

  #onClose(): void {
    clearInterval(this.#watch);
    this.#waiting.length = 0;
    for (const release of this.#held.values()) release();
    this.#held.clear();
    this.emit('close');
  }
}
