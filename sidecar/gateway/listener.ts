/**
 * The one `http.Server`. Proxied paths go straight to the gateway, everything else to the admin plane: Express on the
 * way of a proxied request would cost about half of the request rate.
 */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { openAiEnvelope, TightropeError, type WireError } from '../platform/errors';
import { refuseOnBareSocket } from '../platform/socket-refusal';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface ListenerHandlers {
  readonly proxied: RequestHandler;
  readonly admin: RequestHandler;
  readonly upgrade: UpgradeHandler;
  /** Upgrades below `/api`. */
  readonly adminUpgrade: UpgradeHandler;
}

/** Turn metadata and cookies of the Codex app pass 16 KiB, Node's default. */
const MAX_HEAD_BYTES = 128 * 1024;
const HEAD_TIMEOUT_MS = 60_000;
/** Long enough for a 128 MiB body over a slow line, short enough to end a stalled one. */
const REQUEST_TIMEOUT_MS = 600_000;
/** Above the usual idle time of client pools, so that the client and not the server ends a kept connection. */
const KEEP_ALIVE_MS = 75_000;

export function createListener(handlers: ListenerHandlers): Server {
  // `shouldUpgradeCallback` (Node 22.21) keeps clients that offer h2c, as Java's do, on plain HTTP/1.1.
  const options: ServerOptions & { shouldUpgradeCallback: (request: IncomingMessage) => boolean } = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
    shouldUpgradeCallback: (request) => (request.headers.upgrade ?? '').toLowerCase() === 'websocket',
  };
  const server = createServer(options, (request, response) => {
    if (isProxiedPath(request.url ?? '/')) handlers.proxied(request, response);
    else handlers.admin(request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const url = request.url ?? '/';
    if (isBelow(url, '/api') && !isProxiedPath(url)) handlers.adminUpgrade(request, socket, head);
    else handlers.upgrade(request, socket, head);
  });
  server.on('clientError', answerClientError);
  return server;
}

/**
 * `/v1` and `/backend-api` with everything below, `/v11` is not; and what Codex asks for under `/api/codex`, where only its
 * set-up is the control plane's.
 */
export function isProxiedPath(url: string): boolean {
  if (isBelow(url, '/v1') || isBelow(url, '/backend-api')) return true;
  return isBelow(url, '/api/codex') && !isBelow(url, '/api/codex/setup');
}

function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const next = url.charCodeAt(prefix.length);
  return Number.isNaN(next) || next === 47 /* / */ || next === 63 /* ? */ || next === 35; /* # */
}

/** Answers an upgrade or a broken request on the bare socket and closes it. */
export function refuseOnSocket(socket: Duplex, error: WireError, headers: Readonly<Record<string, string>> = {}): void {
  refuseOnBareSocket(socket, error, openAiEnvelope(error), headers);
}

function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  refuseOnSocket(socket, describeClientError(error));
}

function describeClientError(error: NodeJS.ErrnoException): TightropeError {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new TightropeError('invalid_request', {
        status: 431,
        message: `The request head is larger than ${String(MAX_HEAD_BYTES / 1024)} KiB.`,
      });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new TightropeError('invalid_request', { status: 408, message: 'The request did not arrive in time.' });
    default:
      return new TightropeError('invalid_request', {
        message: `This is not a valid HTTP request (${error.code ?? 'unreadable'}).`,
      });
  }
}
