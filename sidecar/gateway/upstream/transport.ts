/**
 * The one interface between a turn and whatever carries bytes to the upstream. A call is one request and its answer;
 * its sink hears `onHead` at most once, then chunks, then exactly one of `onEnd` and `onError`, and nothing after `abort`.
 */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below the upstream origin, base path included. */
  readonly path: string;
  /** Flat `name, value, …` list. */
  readonly headers: string[];
  readonly body: Buffer | null;
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
