/**
 * Upstream WebSockets, kept per conversation and account (spec/proxy.md 5.4): a turn goes to the idle one of its conversation or to
 * a new one. Where sockets do not work the turn goes over HTTP instead, at once.
 */
import type { SocketRequest, UpstreamCall, UpstreamRequest, UpstreamSink, UpstreamTransport } from './transport';
import { localAnswer } from './socket-stand-in';
import { UpstreamSocket, type HandshakeRefusal, type SocketOptions } from './upstream-socket';

export interface SocketPoolOptions extends SocketOptions {
  readonly http: UpstreamTransport;
  /** Silence after which a socket must have answered a ping, ms. */
  readonly livenessMs: number;
  /** Age from which on an idle socket is replaced, ms; spread over the last tenth so that they do not all go at once. */
  readonly rotateAfterMs: number;
  /** How often sockets are looked at, ms. */
  readonly lookEveryMs: number;
}

/** Idle sockets that no client socket stands behind are closed after this (spec/proxy.md 5.4: 60 to 120 s). */
const IDLE_MS = 90_000;
const MAX_SOCKETS = 1024;
/** Fresh sockets of one conversation that closed without a frame; from then on HTTP serves. */
const MAX_EARLY_CLOSES = 2;
/** How long an upstream that refused to upgrade is not asked again. */
const REFUSED_FOR_MS = 5 * 60_000;
/** Statuses that say "no sockets here", whoever asks. */
const NO_SOCKETS: ReadonlySet<number> = new Set([200, 404, 405, 426, 501]);
/** It may be about this one handshake: HTTP stands in for the turn, and nobody else hears of it. */
const BAD_REQUEST = 400;

export class SocketPool implements UpstreamTransport {
  readonly #options: SocketPoolOptions;
  readonly #sockets = new Map<string, Set<UpstreamSocket>>();
  readonly #holders = new Map<string, number>();
  readonly #earlyCloses = new Map<string, number>();
  readonly #look: NodeJS.Timeout;
  #count = 0;
  #refusedUntilMs = 0;

  constructor(options: SocketPoolOptions) {
    this.#options = options;
    this.#look = setInterval(() => this.#lookAround(), options.lookEveryMs);
    this.#look.unref();
  }

  /** Whether the upstream has lately refused to speak WebSocket. */
  get isRefused(): boolean {
    return this.#options.now() < this.#refusedUntilMs;
  }

  get size(): number {
    return this.#count;
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    const { socket } = request;
    if (socket === undefined) return this.#options.http.send(request, sink);
    const early = this.#earlyCloses.get(socket.conversation) ?? 0;
    if (this.isRefused || early >= MAX_EARLY_CLOSES) {
      this.#earlyCloses.delete(socket.conversation);
      return this.#overHttp(request, socket, sink);
    }
    const idle = this.#idleOne(socket);
    return idle === null ? this.#connect(request, socket, sink) : idle.run(socket, sink);
  }

  /** A client socket stands behind this conversation: its sockets stay while it does. Returns the release. */
  hold(conversation: string): () => void {
    this.#holders.set(conversation, (this.#holders.get(conversation) ?? 0) + 1);
    return () => {
      const left = (this.#holders.get(conversation) ?? 1) - 1;
      if (left > 0) this.#holders.set(conversation, left);
      else this.#holders.delete(conversation);
    };
  }

  /** Passes a frame on to the sockets of the conversation: the busy one, else the last used. `false` = there is none. */
  pass(conversation: string, frame: Buffer, binary: boolean): boolean {
    const all = [...this.#all()].filter((socket) => socket.conversation === conversation);
    const live = all.find((socket) => socket.isBusy) ?? all.sort((a, b) => b.lastUsedMs - a.lastUsedMs)[0];
    return live?.pass(frame, binary) ?? false;
  }

  async close(): Promise<void> {
    clearInterval(this.#look);
    for (const socket of this.#all()) socket.terminate();
    await this.#options.http.close();
  }

  #connect(request: UpstreamRequest, wanted: SocketRequest, sink: UpstreamSink): UpstreamCall {
    if (this.#count >= MAX_SOCKETS) this.#closeLeastRecent();
    const call = new PoolCall();
    const socket = new UpstreamSocket(
      wanted.conversation,
      wanted.accountId,
      wanted.headers,
      this.#options,
      {
        onRefused: (refusal) => this.#onRefused(refusal, call, { request, wanted, sink }),
        onUnreachable: (failure) => {
          if (!call.isAborted) sink.onError(failure);
        },
      },
      (gone) => this.#forget(gone),
    );
    this.#keep(socket);
    call.inner = socket.run(wanted, this.#countingEarlyCloses(wanted.conversation, sink));
    return call;
  }

  /** A fresh socket that closes before its first frame says something about sockets, not about the request. */
  #countingEarlyCloses(conversation: string, sink: UpstreamSink): UpstreamSink {
    return {
      onHead: (status, headers) => {
        this.#earlyCloses.delete(conversation);
        sink.onHead(status, headers);
      },
      onChunk: (chunk) => sink.onChunk(chunk),
      onEnd: () => sink.onEnd(),
      onError: (failure) => {
        if (failure.phase === 'request') {
          this.#earlyCloses.set(conversation, (this.#earlyCloses.get(conversation) ?? 0) + 1);
        }
        sink.onError(failure);
      },
    };
  }

  #onRefused(refusal: HandshakeRefusal | null, call: PoolCall, of: RefusedCall): void {
    if (call.isAborted) return;
    if (refusal !== null && NO_SOCKETS.has(refusal.status)) this.#refusedUntilMs = this.#options.now() + REFUSED_FOR_MS;
    if (refusal === null || !isOfTheAccount(refusal)) {
      call.inner = this.#overHttp(of.request, of.wanted, of.sink);
      return;
    }
    of.sink.onHead(refusal.status, refusal.headers);
    if (refusal.body.length > 0) of.sink.onChunk(refusal.body);
    of.sink.onEnd();
  }

  /** What HTTP cannot do is answered here: a prewarm by nothing to anchor on, an anchor by the error that clients heal from. */
  #overHttp(request: UpstreamRequest, socket: SocketRequest, sink: UpstreamSink): UpstreamCall {
    if (socket.isPrewarm || socket.isAnchored) return localAnswer(socket, sink);
    return this.#options.http.send({ ...request, body: socket.httpBody() }, sink);
  }

  #idleOne({ conversation, accountId }: SocketRequest): UpstreamSocket | null {
    for (const socket of this.#sockets.get(keyOf(conversation, accountId)) ?? []) if (socket.isIdle) return socket;
    return null;
  }

  #keep(socket: UpstreamSocket): void {
    const key = keyOf(socket.conversation, socket.accountId);
    const set = this.#sockets.get(key) ?? new Set();
    set.add(socket);
    this.#sockets.set(key, set);
    this.#count += 1;
  }

  #forget(socket: UpstreamSocket): void {
    const key = keyOf(socket.conversation, socket.accountId);
    const set = this.#sockets.get(key);
    if (set?.delete(socket) !== true) return;
    this.#count -= 1;
    if (set.size === 0) this.#sockets.delete(key);
  }

  *#all(): Iterable<UpstreamSocket> {
    for (const set of this.#sockets.values()) yield* set;
  }

  #closeLeastRecent(): void {
    let oldest: UpstreamSocket | null = null;
    for (const socket of this.#all()) {
      if (socket.isIdle && (oldest === null || socket.lastUsedMs < oldest.lastUsedMs)) oldest = socket;
    }
    oldest?.close();
  }

  #lookAround(): void {
    const nowMs = this.#options.now();
    for (const socket of [...this.#all()]) this.#lookAt(socket, nowMs);
  }

  #lookAt(socket: UpstreamSocket, nowMs: number): void {
    const { livenessMs } = this.#options;
    const isHeld = this.#holders.has(socket.conversation);
    const isStale =
      nowMs - socket.openedAtMs > this.#rotationOf(socket) || (!isHeld && nowMs - socket.lastUsedMs > IDLE_MS);
    if (socket.isIdle && isStale) {
      socket.close();
      return;
    }
    if (socket.isPaused) return;
    const silentMs = nowMs - socket.lastHeardMs;
    if (silentMs > livenessMs && socket.pingedAtMs > socket.lastHeardMs) socket.terminate();
    else if (silentMs > livenessMs / 2 && socket.pingedAtMs <= socket.lastHeardMs && (socket.isIdle || socket.isBusy)) {
      socket.ping();
    }
  }

  /** Between nine tenths and the whole of the configured age, always the same for one socket. */
  #rotationOf(socket: UpstreamSocket): number {
    return this.#options.rotateAfterMs * (0.9 + (socket.openedAtMs % 101) / 1000);
  }
}

interface RefusedCall {
  readonly request: UpstreamRequest;
  readonly wanted: SocketRequest;
  readonly sink: UpstreamSink;
}

/** A call that may change from a socket to HTTP underneath. */
class PoolCall implements UpstreamCall {
  isAborted = false;
  inner: UpstreamCall | null = null;

  pause(): void {
    this.inner?.pause();
  }

  resume(): void {
    this.inner?.resume();
  }

  abort(): void {
    this.isAborted = true;
    this.inner?.abort();
  }
}

function isOfTheAccount({ status }: HandshakeRefusal): boolean {
  return status < 500 && status !== BAD_REQUEST && !NO_SOCKETS.has(status);
}

function keyOf(conversation: string, accountId: string): string {
  return `${conversation}\n${accountId}`;
}
