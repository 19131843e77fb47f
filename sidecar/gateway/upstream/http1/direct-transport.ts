/**
 * Upstream calls straight over sockets: the answer's head is parsed, its body only freed of the chunk framing. It costs about
 * half of what a general client does per call (test/bench/README.md) and serves what needs no forward proxy.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { UpstreamCall, UpstreamRequest, UpstreamSink, UpstreamTransport } from '../transport';
import { Connection, type ConnectionOwner } from './connection';
import { requestBytes } from './request-bytes';

export interface DirectTransportOptions {
  /** Scheme, host and port of the upstream. */
  readonly origin: string;
  readonly connectTimeoutMs: number;
}

/** Below the idle limits of common front ends (nginx 75 s), so that a kept socket is rarely a dead one. */
const KEEP_ALIVE_MS = 55_000;
const SWEEP_MS = 5_000;

export function createDirectTransport(options: DirectTransportOptions): UpstreamTransport {
  return new DirectTransport(options);
}

class DirectTransport implements UpstreamTransport, ConnectionOwner {
  readonly #origin: URL;
  readonly #connectTimeoutMs: number;
  /** Free connections; the one that was used last is used first, so that the others can age. */
  readonly #free: Connection[] = [];
  readonly #all = new Set<Connection>();
  readonly #sweep: NodeJS.Timeout;
  #tlsSession: Buffer | undefined;

  constructor({ origin, connectTimeoutMs }: DirectTransportOptions) {
    this.#origin = new URL(origin);
    this.#connectTimeoutMs = connectTimeoutMs;
    this.#sweep = setInterval(() => this.#closeAged(), SWEEP_MS).unref();
  }

  send(request: UpstreamRequest, sink: UpstreamSink): UpstreamCall {
    const bytes = requestBytes(request, this.#origin.host);
    const { body } = request;
    const rest = body === null || Buffer.isBuffer(body) ? null : body.open();
    const free = this.#free.pop();
    return free === undefined
      ? this.#open().begin(bytes, sink, 'connect', rest)
      : free.begin(bytes, sink, 'request', rest);
  }

  close(): Promise<void> {
    clearInterval(this.#sweep);
    for (const connection of this.#all) connection.fail('ECONNABORTED');
    return Promise.resolve();
  }

  onFree(connection: Connection): void {
    this.#free.push(connection);
  }

  onGone(connection: Connection, wasStale: boolean): void {
    this.#all.delete(connection);
    this.#forget(connection);
    // What ended one kept connection has most likely ended the others, too.
    if (wasStale) for (const other of this.#free.slice()) other.fail('ECONNABORTED');
  }

  #open(): Connection {
    const socket = this.#connect();
    const connection = new Connection(socket, this);
    this.#all.add(connection);
    const timeout = setTimeout(() => connection.fail('ETIMEDOUT'), this.#connectTimeoutMs);
    socket.once(this.#origin.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      clearTimeout(timeout);
      connection.connected();
    });
    socket.once('close', () => clearTimeout(timeout));
    return connection;
  }

  #connect(): Socket {
    const { protocol, hostname, port } = this.#origin;
    const host = hostname.replace(/^\[|\]$/g, '');
    const common = { host, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    if (protocol === 'http:') return connectTcp({ ...common, port: Number(port || 80) });
    const socket = connectTls({
      ...common,
      port: Number(port || 443),
      servername: isName(host) ? host : '',
      ALPNProtocols: ['http/1.1'],
      session: this.#tlsSession,
    });
    socket.setNoDelay(true);
    return socket.on('session', (session: Buffer) => {
      this.#tlsSession = session;
    });
  }

  #forget(connection: Connection): void {
    const at = this.#free.indexOf(connection);
    if (at !== -1) this.#free.splice(at, 1);
  }

  /** The oldest stand in front. */
  #closeAged(): void {
    const limit = performance.now() - KEEP_ALIVE_MS;
    for (const connection of this.#free.filter(({ freeSince }) => freeSince < limit)) connection.fail('ECONNABORTED');
  }
}

/** Whether TLS may name the host to the server: addresses it must not (RFC 6066 3). */
function isName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}
