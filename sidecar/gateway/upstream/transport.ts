import type { Readable } from 'node:stream';

/**
 * The one interface between a turn and whatever carries bytes to the upstream. A call is one request and its answer;
 * its sink hears `onHead` at most once, then chunks, then exactly one of `onEnd` and `onError`, and nothing after `abort`.
 */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the upstream origin, base path included. */
  readonly path: string;
  /** Flat `name, value, …` list. */
  readonly headers: string[];
  readonly body: Buffer | StreamedBody | null;
  /** Set when the call may go over a WebSocket; `body` is then not used. */
  readonly socket?: SocketRequest;
}

/** A body that is made while it is sent; its length is not known. */
export interface StreamedBody {
  /** It cannot be had from its first byte again. */
  readonly isSpent: boolean;
  /** The bytes from the first one on. */
  open(): Readable;
}

/** The same call as a frame on a pooled socket. */
export interface SocketRequest {
  /** Scope, session and thread of the conversation (spec/proxy.md 5.4); sockets are shared within it, per account. */
  readonly conversation: string;
  readonly accountId: string;
  /** Headers of the handshake, flat list. */
  readonly headers: string[];
  readonly frame: Buffer;
  /** `generate:false`: over HTTP there is no such request. */
  readonly isPrewarm: boolean;
  /** It continues a response that only a socket can know. */
  readonly isAnchored: boolean;
  /** The body of the POST that stands in when sockets do not work. */
  readonly httpBody: () => Buffer;
}

/** Where it broke: before a connection, while the request went out, or in the answer. */
export type TransportPhase = 'connect' | 'request' | 'response';

export interface TransportFailure {
  readonly code: 'upstream_unavailable' | 'upstream_request_timeout';
  readonly phase: TransportPhase;
  /** Library or system code for logs (`ECONNREFUSED`, `UND_ERR_SOCKET`); holds no address or secret. */
  readonly detail: string;
}

export interface UpstreamSink {
  /** `headers` is a flat `name, value, …` list, names in lower case. */
  onHead(status: number, headers: readonly string[]): void;
  /** All bytes of one socket read, as one buffer. */
  onChunk(chunk: Buffer): void;
  onEnd(): void;
  onError(failure: TransportFailure): void;
}

export interface UpstreamCall {
  /** Stops reading from the upstream socket until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends the call; the sink hears nothing more. Safe to repeat. */
  abort(): void;
}

export interface UpstreamTransport {
  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall;
  /** Ends every connection; calls still open hear `onError`. */
  close(): Promise<void>;
}
