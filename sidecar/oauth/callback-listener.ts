/**
 * The listener a browser comes back to. It is there only while a browser sign-in runs, on loopback only, and answers one
 * path (spec/data-security.md 6.2).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { TightropeError } from '../platform/errors';
import { parseHost } from '../platform/peer-address';
import { codeOf } from '../platform/thrown';
import type { CallbackAddress } from './callback-address';
import { callbackPage, CALLBACK_PAGE_HEADERS, type CallbackResult } from './callback-page';
import { readCallbackQuery, type CallbackQuery } from './callback-query';

/** Answers a callback; never throws. */
export type TakeCallback = (query: CallbackQuery) => Promise<CallbackResult>;

const HEADERS_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 32;
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];
/** Machines without IPv6 say so in one of these. */
const NO_SUCH_FAMILY: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** One listening port, possibly on both loopback addresses. */
export class CallbackListener {
  readonly #servers: readonly Server[];

  /**
   * Binds the first free port of the address.
   * @throws TightropeError `callback_port_busy` with the ports that were tried, `listen_failed` for anything else
   */
  static async open(address: CallbackAddress, take: TakeCallback): Promise<CallbackListener> {
    for (const port of address.ports) {
      const servers = await bindAll(address, port, take);
      if (servers !== null) return new CallbackListener(servers);
    }
    throw busy(address.ports);
  }

  private constructor(servers: readonly Server[]) {
    this.#servers = servers;
  }

  get port(): number {
    return portOf(this.#servers[0]);
  }

  /** Takes no further callback; answers that are on their way go out first. */
  async close(): Promise<void> {
    await Promise.all(this.#servers.map(closeServer));
  }

  /** Breaks what is still open. */
  breakConnections(): void {
    for (const server of this.#servers) server.closeAllConnections();
  }
}

/** `null` when one of the hosts has the port taken: half a port would send half of the browsers to a stranger. */
async function bindAll(address: CallbackAddress, wanted: number, take: TakeCallback): Promise<Server[] | null> {
  const servers: Server[] = [];
  let port = wanted;
  for (const host of address.hosts) {
    const server = createCallbackServer(address.path, take);
    try {
      await bind(server, host, port);
    } catch (error) {
      const code = codeOf(error) ?? 'unknown';
      if (NO_SUCH_FAMILY.includes(code) && address.hosts.length > 1) continue;
      await Promise.all(servers.map(closeServer));
      if (code === 'EADDRINUSE' || code === 'EACCES') return null;
      throw new TightropeError('listen_failed', { message: `Cannot listen on ${host} (${code}).`, cause: error });
    }
    servers.push(server);
    port = portOf(server);
  }
  return servers.length === 0 ? null : servers;
}

function busy(ports: readonly number[]): TightropeError {
  const many = ports.length > 1;
  return new TightropeError('callback_port_busy', {
    message:
      `Port${many ? 's' : ''} ${ports.join(' and ')} ${many ? 'are' : 'is'} in use by another program, perhaps by ` +
      '"codex login". Sign in all the same and paste the address the browser ends on, or use a device code.',
    details: { ports },
  });
}

function createCallbackServer(path: string, take: TakeCallback): Server {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => void serve(request, response, path, take),
  );
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  take: TakeCallback,
): Promise<void> {
  request.resume();
  const refused = refusalOf(request, path);
  if (refused !== null) {
    response.writeHead(refused, { 'content-length': 0, connection: 'close' }).end();
    return;
  }
  const result = await take(readCallbackQuery(request.url ?? ''));
  response
    .writeHead(result.ok ? 200 : 400, { ...CALLBACK_PAGE_HEADERS, connection: 'close' })
    .end(callbackPage(result));
}

/** The status of a request that is no callback. Only a browser of this machine that was sent here knows the right name. */
function refusalOf({ method, url = '', headers }: IncomingMessage, path: string): number | null {
  if (!LOOPBACK_NAMES.includes(parseHost(headers.host)?.host ?? '')) return 421;
  if (url.split('?', 1)[0] !== path) return 404;
  return method === 'GET' ? null : 405;
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true, ipv6Only: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server | undefined): number {
  const bound = server?.address();
  return typeof bound === 'object' && bound !== null ? bound.port : 0;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
