/** Accepts WebSocket upgrades once everything has been checked, and knows the sockets that are open. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { TURN_STATE } from '../protocol/request-ties';
import { ClientSocket, type SocketHost, type SocketTimes } from './client-socket';

/** After a reconnect the client sends its whole history in one frame (codex-wire 2.5). */
const MAX_FRAME_BYTES = 128 * 1024 * 1024;
/** Deltas are smaller: compressing them costs more than they weigh. */
const COMPRESS_FROM_BYTES = 4096;

export class SocketDoor {
  readonly #open = new Set<ClientSocket>();
  readonly #requestIds = new WeakMap<IncomingMessage, string>();
  readonly #times: SocketTimes;
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: { threshold: COMPRESS_FROM_BYTES, serverNoContextTakeover: true },
    // Checked where it matters, so that bad bytes are an error on an open socket.
    skipUTF8Validation: true,
  });

  constructor(times: SocketTimes) {
    this.#times = times;
    this.#server.on('headers', (headers: string[], request: IncomingMessage) => {
      headers.push(`${TURN_STATE}: ${this.#turnStateOf(request)}`);
      headers.push(`x-request-id: ${this.#requestIds.get(request) ?? ''}`);
    });
  }

  get size(): number {
    return this.#open.size;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, requestId: string, host: SocketHost): void {
    this.#requestIds.set(request, requestId);
    this.#server.handleUpgrade(request, socket, head, (accepted: WebSocket) => {
      const client = new ClientSocket(requestId, request, accepted, host, this.#times);
      this.#open.add(client);
      client.once('close', () => this.#open.delete(client));
    });
  }

  /** Closes the sockets on which no turn runs. */
  closeIdle(): void {
    for (const client of this.#open) client.closeWhenIdle();
  }

  /** Cuts what is left. */
  closeAll(): void {
    for (const client of this.#open) client.destroy();
  }

  /** Clients that keep response headers get what they brought, else a placeholder that proves nothing (codex-wire 2.6). */
  #turnStateOf(request: IncomingMessage): string {
    const brought = request.headers[TURN_STATE];
    return typeof brought === 'string' && brought.trim() !== ''
      ? brought.trim()
      : `turn_${randomBytes(16).toString('hex')}`;
  }
}
