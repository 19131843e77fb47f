/** One connection to the upstream, carrying one call at a time. */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { TransportFailure, TransportPhase, UpstreamCall, UpstreamSink } from '../transport';
import { BodyPump } from './body-pump';
import { ResponseReader } from './response-reader';

/** What a connection tells its pool. */
export interface ConnectionOwner {
  /** It may carry another call. */
  onFree(connection: Connection): void;
  /** It is gone. `wasStale`: it had served before and died on a new call before any answer. */
  onGone(connection: Connection, wasStale: boolean): void;
}

/** The other side ended the connection; Node has no code of its own for that. */
const CLOSED_CODE = 'UPSTREAM_CLOSED';

export class Connection {
  /** Milliseconds of `performance.now()` at which the last call ended. */
  freeSince = 0;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  #call: ConnectionCall | null = null;
  /** What is left of the request's body. */
  #pump: BodyPump | null = null;
  #served = 0;
  #gone = false;

  /** @param socket connected or about to be; its connect event is the pool's matter */
  constructor(socket: Socket, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#owner = owner;
    socket.on('data', (bytes: Buffer) => this.#onData(bytes));
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error: NodeJS.ErrnoException) => this.fail(error.code ?? error.name));
    socket.on('close', () => this.fail(CLOSED_CODE));
  }

  /** Sends a request; `rest` = what follows it as chunks. The connection must be free. */
  begin(
    request: readonly Buffer[],
    sink: UpstreamSink,
    phase: TransportPhase,
    rest: Readable | null = null,
  ): UpstreamCall {
    const call = new ConnectionCall(this, sink, phase);
    this.#call = call;
    this.#socket.ref();
    if (request.length > 1) this.#socket.cork();
    for (const bytes of request) this.#socket.write(bytes);
    if (request.length > 1) this.#socket.uncork();
    if (rest !== null) this.#pump = new BodyPump(this.#socket, rest, () => this.fail(CLOSED_CODE));
    return call;
  }

  /** The handshake is done. */
  connected(): void {
    this.#call?.advance('request');
  }

  /** Ends the connection; the call on it hears why. */
  fail(detail: string): void {
    if (this.#gone) return;
    this.#gone = true;
    const call = this.#call;
    this.#call = null;
    this.#pump?.stop();
    this.#socket.destroy();
    this.#owner.onGone(this, this.#served > 0 && call?.phase === 'request');
    call?.broke(detail);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #onData(bytes: Buffer): void {
    const call = this.#call;
    if (call === null) {
      // Nobody asked: what an idle connection says can only be a goodbye.
      this.fail(CLOSED_CODE);
      return;
    }
    try {
      const surplus = call.reader.feed(bytes, call);
      if (this.#call !== call) return;
      if (call.reader.state === 'complete') this.#complete(call, surplus === 0 && call.reader.reusable);
    } catch (thrown) {
      this.fail(codeOf(thrown));
    }
  }

  #onEnd(): void {
    const call = this.#call;
    if (call !== null && call.reader.finish()) this.#complete(call, false);
    else this.fail(CLOSED_CODE);
  }

  #complete(call: ConnectionCall, reusable: boolean): void {
    this.#call = null;
    this.#served += 1;
    const isSent = this.#socket.writableLength === 0 && this.#pump?.isDone !== false;
    this.#pump?.stop();
    this.#pump = null;
    if (this.#socket.isPaused()) this.#socket.resume();
    // An answer that came before the whole request was out leaves a connection in the middle of a request.
    if (reusable && isSent && !this.#socket.destroyed) {
      this.freeSince = performance.now();
      this.#socket.unref();
      this.#owner.onFree(this);
    } else {
      this.#gone = true;
      this.#socket.destroy();
      this.#owner.onGone(this, false);
    }
    call.ended();
  }
}

/** The handle of one call, and the sink between the reader and the turn. */
class ConnectionCall implements UpstreamCall {
  readonly reader = new ResponseReader();
  readonly #connection: Connection;
  readonly #sink: UpstreamSink;
  #phase: TransportPhase;
  #over = false;

  constructor(connection: Connection, sink: UpstreamSink, phase: TransportPhase) {
    this.#connection = connection;
    this.#sink = sink;
    this.#phase = phase;
  }

  get phase(): TransportPhase {
    return this.#phase;
  }

  advance(phase: TransportPhase): void {
    this.#phase = phase;
  }

  onHead(status: number, headers: readonly string[]): void {
    this.#phase = 'response';
    if (!this.#over) this.#sink.onHead(status, headers);
  }

  onChunk(chunk: Buffer): void {
    if (!this.#over) this.#sink.onChunk(chunk);
  }

  ended(): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.onEnd();
  }

  broke(detail: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.onError(failureOf(detail, this.#phase));
  }

  pause(): void {
    if (!this.#over) this.#connection.pause();
  }

  resume(): void {
    if (!this.#over) this.#connection.resume();
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#connection.fail('aborted');
  }
}

function failureOf(detail: string, phase: TransportPhase): TransportFailure {
  return { code: detail === 'ETIMEDOUT' ? 'upstream_request_timeout' : 'upstream_unavailable', phase, detail };
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  throw thrown;
}
