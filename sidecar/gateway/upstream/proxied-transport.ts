/**
 * Upstream calls through a forward proxy, over undici's `dispatch`: no fetch, no streams, one handler object per call. The
 * chunks of one socket read are handed on as one buffer.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { EnvHttpProxyAgent, type Dispatcher } from 'undici';
import type {
  TransportFailure,
  TransportPhase,
  UpstreamCall,
  UpstreamRequest,
  UpstreamSink,
  UpstreamTransport,
} from './transport';

export interface ProxiedTransportOptions {
  /** Scheme, host and port of the upstream. */
  readonly origin: string;
  readonly connectTimeoutMs: number;
  readonly httpsProxy: string | null;
  readonly httpProxy: string | null;
  readonly noProxy: string | null;
}

/** Below the idle limits of common front ends (nginx 75 s), so that a kept socket is rarely a dead one. */
const KEEP_ALIVE_MS = 55_000;
/** Codex rate-limit families make large heads; Node's own 16 KiB is too little. */
const MAX_HEAD_BYTES = 64 * 1024;

export function createProxiedTransport(options: ProxiedTransportOptions): UpstreamTransport {
  return new ProxiedTransport(options);
}

class ProxiedTransport implements UpstreamTransport {
  readonly #dispatcher: Dispatcher;
  readonly #origin: string;

  constructor(options: ProxiedTransportOptions) {
    const shared = {
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      // The turn owns idle and total limits: one coarse timer per stream instead of one per chunk.
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
      connect: { timeout: options.connectTimeoutMs },
    };
    this.#origin = options.origin;
    this.#dispatcher = new EnvHttpProxyAgent({
      ...shared,
      httpsProxy: options.httpsProxy ?? '',
      httpProxy: options.httpProxy ?? '',
      noProxy: options.noProxy ?? '',
    });
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    const call = new UndiciCall(sink);
    this.#dispatcher.dispatch(
      {
        origin: this.#origin,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: Buffer.isBuffer(request.body) ? request.body : (request.body?.open() ?? null),
      },
      call,
    );
    return call;
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

/** Handler and handle of one call; undici keeps no reference after `onResponseEnd` or `onResponseError`. */
class UndiciCall implements Dispatcher.DispatchHandler, UpstreamCall {
  readonly #sink: UpstreamSink;
  #controller: Dispatcher.DispatchController | null = null;
  #phase: TransportPhase = 'connect';
  #pending: Buffer[] = [];
  #flushDue = false;
  #closed = false;
  readonly #flush = (): void => {
    this.#flushDue = false;
    this.#handOver();
  };

  constructor(sink: UpstreamSink) {
    this.#sink = sink;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    this.#phase = 'request';
    if (this.#closed) controller.abort(new Error('aborted'));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx heads are announcements; the answer's own head follows.
    if (this.#closed || status < 200) return;
    this.#phase = 'response';
    this.#sink.onHead(status, flatten(headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#closed) return;
    this.#pending.push(chunk);
    if (this.#flushDue) return;
    this.#flushDue = true;
    process.nextTick(this.#flush);
  }

  onResponseEnd(): void {
    this.#handOver();
    if (this.#closed) return;
    this.#closed = true;
    this.#sink.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#handOver();
    if (this.#closed) return;
    this.#closed = true;
    this.#sink.onError(describeFailure(error, this.#phase));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending = [];
    this.#controller?.abort(new Error('aborted'));
  }

  #handOver(): void {
    const pending = this.#pending;
    if (this.#closed || pending.length === 0) return;
    this.#pending = [];
    const [only] = pending;
    this.#sink.onChunk(pending.length === 1 && only !== undefined ? only : Buffer.concat(pending));
  }
}

function flatten(headers: IncomingHttpHeaders): string[] {
  const flat: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') flat.push(name, value);
    else if (value !== undefined) for (const single of value) flat.push(name, single);
  }
  return flat;
}

function describeFailure(error: Error, phase: TransportPhase): TransportFailure {
  const code = errorCode(error) ?? errorCode(error.cause) ?? error.name;
  const timedOut = code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT';
  return { code: timedOut ? 'upstream_request_timeout' : 'upstream_unavailable', phase, detail: code };
}

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
