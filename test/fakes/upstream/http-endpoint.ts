/** The fake's port: a plain or TLS server that can stop and resume accepting, and hands upgrades on. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface TlsFiles {
  readonly key: string | Buffer;
  readonly cert: string | Buffer;
}

export interface EndpointOptions {
  /** 0 = a free one. */
  readonly port: number;
  readonly host: string;
  readonly tls?: TlsFiles;
}

export class HttpEndpoint {
  private readonly server: http.Server;
  private port: number;
  private readonly upgraded = new Set<Duplex>();

  constructor(
    private readonly options: EndpointOptions,
    onRequest: http.RequestListener,
    onUpgrade: (message: http.IncomingMessage, socket: Duplex, head: Buffer) => void,
  ) {
    this.server =
      options.tls === undefined ? http.createServer(onRequest) : https.createServer({ ...options.tls }, onRequest);
    this.port = options.port;
    // A pooled connection must not end by the fake's own timers in the middle of a test.
    this.server.keepAliveTimeout = 600_000;
    this.server.requestTimeout = 0;
    this.server.headersTimeout = 0;
    this.server.on('upgrade', onUpgrade);
    this.server.on('upgrade', (_message, socket) => {
      this.upgraded.add(socket);
      socket.once('close', () => this.upgraded.delete(socket));
    });
  }

  get address(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://${this.options.host}:${this.port}`;
  }

  /** Listens; again on the same port after `stop()`. */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ port: this.port, host: this.options.host, backlog: 2048 }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Refuses new connections and breaks the open ones. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
      for (const socket of this.upgraded) socket.destroy();
    });
  }
}
