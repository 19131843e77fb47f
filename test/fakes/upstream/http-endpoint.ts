/** The fake's port: a plain or TLS server that can stop and resume accepting, and answers upgrades with 426. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

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

const UPGRADE_REFUSED = JSON.stringify({ detail: 'WebSocket is not available' });

export class HttpEndpoint {
  private readonly server: http.Server;
  private port: number;

  constructor(
    private readonly options: EndpointOptions,
    onRequest: http.RequestListener,
  ) {
    this.server =
      options.tls === undefined ? http.createServer(onRequest) : https.createServer({ ...options.tls }, onRequest);
    this.port = options.port;
    // A pooled connection must not end by the fake's own timers in the middle of a test.
    this.server.keepAliveTimeout = 600_000;
    this.server.requestTimeout = 0;
    this.server.headersTimeout = 0;
    this.server.on('upgrade', (_request, socket) => {
      const head = `HTTP/1.1 426 Upgrade Required\r\ncontent-type: application/json\r\ncontent-length: ${UPGRADE_REFUSED.length}\r\nconnection: close\r\n\r\n`;
      socket.end(head + UPGRADE_REFUSED);
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
    });
  }
}
