/** One WebSocket to the upstream: serves one frame after the other and tells its pool when it is free, worn or gone. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { SocketRequest, TransportFailure, UpstreamCall, UpstreamSink } from './transport';

/** A handshake that was answered otherwise than by 101. */
export interface HandshakeRefusal {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

export interface SocketEvents {
  /** The handshake was refused, or nothing came in time (`null`); the socket is gone. */
  onRefused(refusal: HandshakeRefusal | null): void;
  /** The connection could not be made at all. */
  onUnreachable(failure: TransportFailure): void;
}

/** Largest frame from upstream: its own limit is 16 MiB, doubled (spec/proxy.md 5.3). */
const MAX_FRAME_BYTES = 32 * 1024 * 1024;
/** Refusals beyond this are cut. */
const REFUSAL_LIMIT_BYTES = 64 * 1024;
const GOING_AWAY = 1001;

/** What a frame means for the socket it came on. */
export type FrameVerdict = 'goes_on' | 'ends_turn' | 'ends_socket';

export interface SocketOptions {
  readonly verdictOn: (frame: Buffer) => FrameVerdict;
  readonly url: string;
  readonly connectTimeoutMs: number;
  readonly agent: NonNullable<ConstructorParameters<typeof WebSocket>[2]>['agent'];
  readonly now: () => number;
}

export class UpstreamSocket {
  readonly openedAtMs: number;
  lastUsedMs: number;
  lastHeardMs: number;
  pingedAtMs = 0;
  /** Not to be used for another turn. */
  isWorn = false;
  #isPaused = false;
  readonly #socket: WebSocket;
  readonly #now: () => number;
  #headers: readonly string[] = [];
  #call: SocketCall | null = null;
  #isOpen = false;
  #isSettled = false;

  constructor(
    readonly conversation: string,
    readonly accountId: string,
    headers: readonly string[],
    private readonly options: SocketOptions,
    private readonly events: SocketEvents,
    private readonly onGone: (socket: UpstreamSocket) => void,
  ) {
    this.#now = options.now;
    this.openedAtMs = this.lastUsedMs = this.lastHeardMs = options.now();
    this.#socket = new WebSocket(options.url, {
      headers: headerObject(headers),
      ...(options.agent === undefined ? {} : { agent: options.agent }),
      handshakeTimeout: options.connectTimeoutMs,
      maxPayload: MAX_FRAME_BYTES,
      // Compression on this leg was seen to stall (codex-wire 2.5).
      perMessageDeflate: false,
      skipUTF8Validation: true,
    });
    this.#listen();
  }

  get isIdle(): boolean {
    return this.#isOpen && this.#call === null && !this.isWorn && this.#socket.readyState === WebSocket.OPEN;
  }

  get isBusy(): boolean {
    return this.#call !== null;
  }

  /** Its client is slow, so nothing is read from it, pongs neither: silence means nothing. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Sends a frame, now or as soon as the handshake is through. One at a time. */
  run(request: SocketRequest, sink: UpstreamSink): UpstreamCall {
    const call = new SocketCall(this, sink);
    this.#call = call;
    this.lastUsedMs = this.lastHeardMs = this.#now();
    if (this.#isOpen) this.#socket.send(request.frame, { binary: false });
    else this.#socket.once('open', () => this.#socket.send(request.frame, { binary: false }));
    return call;
  }

  /** A frame that belongs to the running turn but opens none (`response.cancel`). `false` = the socket is not open. */
  pass(frame: Buffer, binary: boolean): boolean {
    if (!this.#isOpen) return false;
    this.#socket.send(frame, { binary });
    return true;
  }

  ping(): void {
    this.pingedAtMs = this.#now();
    this.#socket.ping();
  }

  close(): void {
    this.isWorn = true;
    this.#socket.close(GOING_AWAY);
  }

  terminate(): void {
    this.isWorn = true;
    this.#socket.terminate();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('upgrade', (message) => (this.#headers = flatten(message)));
    socket.on('open', () => {
      this.#isOpen = this.#isSettled = true;
      this.#heard();
    });
    socket.on('pong', () => this.#heard());
    socket.on('ping', () => this.#heard());
    socket.on('message', (data) => this.#onFrame(data as Buffer));
    socket.on('unexpected-response', (_request, message) => this.#onRefused(message));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#onError(error));
    socket.on('close', () => this.#onClose());
  }

  #heard(): void {
    this.lastHeardMs = this.#now();
  }

  #onFrame(frame: Buffer): void {
    this.#heard();
    const call = this.#call;
    if (call === null) return;
    const verdict = this.options.verdictOn(frame);
    if (verdict === 'goes_on') {
      call.take(frame, this.#headers);
      return;
    }
    // Free before the turn hears of its end: it may send the next frame at once.
    this.isWorn ||= verdict === 'ends_socket';
    this.lastUsedMs = this.#now();
    this.#call = null;
    call.take(frame, this.#headers);
    call.end();
    if (this.isWorn) this.close();
  }

  #onRefused(message: IncomingMessage): void {
    this.#isSettled = true;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (): void => {
      this.#call = null;
      this.events.onRefused({
        status: message.statusCode ?? 502,
        headers: flatten(message),
        body: Buffer.concat(chunks),
      });
      this.terminate();
    };
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= REFUSAL_LIMIT_BYTES) chunks.push(chunk);
    });
    message.once('end', settle);
    message.once('error', settle);
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#call = null;
    const detail = error.code ?? 'ECONNRESET';
    // The library's own words have no code: the handshake was late or no WebSocket handshake at all.
    if (error.code === undefined) this.events.onRefused(null);
    else this.events.onUnreachable({ code: 'upstream_unavailable', phase: 'connect', detail });
  }

  #onClose(): void {
    const call = this.#call;
    this.#call = null;
    this.onGone(this);
    call?.broken();
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#heard();
    this.#socket.resume();
  }

  /** The turn does not want the rest of its answer. */
  forget(call: SocketCall): void {
    if (this.#call !== call) return;
    this.#call = null;
    this.terminate();
  }
}

/** One turn on a socket. */
class SocketCall implements UpstreamCall {
  #isAnswered = false;
  #isClosed = false;

  constructor(
    private readonly owner: UpstreamSocket,
    private readonly sink: UpstreamSink,
  ) {}

  /** The head is told with the first frame: until then nothing says that the upstream has the request. */
  take(frame: Buffer, headers: readonly string[]): void {
    if (this.#isClosed) return;
    if (!this.#isAnswered) {
      this.#isAnswered = true;
      this.sink.onHead(101, headers);
    }
    this.sink.onChunk(frame);
  }

  end(): void {
    if (this.#isClosed) return;
    this.owner.resume();
    this.#isClosed = true;
    this.sink.onEnd();
  }

  broken(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.sink.onError({
      code: 'upstream_unavailable',
      phase: this.#isAnswered ? 'response' : 'request',
      detail: 'ECONNRESET',
    });
  }

  pause(): void {
    if (!this.#isClosed) this.owner.pause();
  }

  resume(): void {
    if (!this.#isClosed) this.owner.resume();
  }

  abort(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.owner.forget(this);
  }
}

function headerObject(flat: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? (flat[i + 1] ?? '') : `${before}, ${flat[i + 1] ?? ''}`;
  }
  return headers;
}

function flatten({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.map((text, index) => (index % 2 === 0 ? text.toLowerCase() : text));
}
