/** A WebSocket client that keeps what it gets: frames as bytes, the accepting head, how it closed. */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { eventually } from './eventually';
import type { Json } from './json-call';

/** How an upgrade ended that was not accepted. */
export interface Denial {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const TERMINAL = new Set(['response.completed', 'response.failed', 'response.incomplete', 'error']);

export class WsClient {
  /** Text frames in order of arrival, as they came. */
  readonly frames: Buffer[] = [];
  closeCode: number | null = null;
  pings = 0;
  private taken = 0;

  private constructor(
    readonly socket: WebSocket,
    readonly headers: IncomingMessage['headers'],
  ) {}

  /** Resolves when accepted; throws an Error with `denial` when it is not. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}, deflate = false): Promise<WsClient> {
    const socket = new WebSocket(url.replace(/^http/, 'ws'), {
      headers: { ...headers },
      perMessageDeflate: deflate,
      maxPayload: 256 * 1024 * 1024,
    });
    return new Promise((resolve, reject) => {
      let client: WsClient | null = null;
      socket.once('upgrade', (message) => {
        const accepted = new WsClient(socket, message.headers);
        client = accepted;
        socket.on('message', (data) => accepted.frames.push(data as Buffer));
        socket.on('ping', () => (accepted.pings += 1));
        socket.on('close', (code) => (accepted.closeCode = code));
      });
      socket.once('open', () => {
        if (client !== null) resolve(client);
      });
      socket.once('unexpected-response', (_request, message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('end', () => {
          const body = Buffer.concat(chunks).toString('utf8');
          const denial: Denial = { status: message.statusCode ?? 0, headers: message.headers, body };
          reject(Object.assign(new Error(`denied with ${String(denial.status)}: ${body}`), { denial }));
        });
      });
      socket.on('error', reject);
    });
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Every frame so far as JSON. */
  get events(): Json[] {
    return this.frames.map((frame) => JSON.parse(frame.toString('utf8')) as Json);
  }

  /** Sends a frame and resolves with the events of its answer, the terminal one last. */
  async turn(frame: unknown): Promise<Json[]> {
    this.send(frame);
    return this.answer();
  }

  /** The events of the next whole answer, keepalives left out. */
  answer(): Promise<Json[]> {
    return eventually('the end of an answer on the socket', () => {
      const events = this.events.slice(this.taken);
      const end = events.findIndex((event) => TERMINAL.has(String(event['type'])));
      if (end === -1) {
        if (this.closeCode !== null) throw new Error(`closed with ${String(this.closeCode)} before the end`);
        return undefined;
      }
      this.taken += end + 1;
      return events.slice(0, end + 1).filter((event) => event['type'] !== 'codex.keepalive');
    });
  }

  /** Resolves with the code when the socket has closed. */
  closed(): Promise<number> {
    return eventually('the close of the socket', () => this.closeCode ?? undefined);
  }

  close(): void {
    this.socket.terminate();
  }
}

/** What `open` was denied with; throws when it was accepted. */
export async function denialOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Denial> {
  try {
    (await WsClient.open(url, headers)).close();
  } catch (thrown) {
    if (thrown instanceof Error && 'denial' in thrown) return thrown.denial as Denial;
    throw thrown;
  }
  throw new Error('the upgrade was accepted');
}

/** The id in a terminal or created event. */
export function responseIdOf(event: Json | undefined): string {
  return String((event?.['response'] as Json | undefined)?.['id']);
}

/** The error code in an `error` or `response.failed` event. */
export function errorCodeOf(event: Json | undefined): unknown {
  const holder = (event?.['error'] ?? (event?.['response'] as Json | undefined)?.['error']) as Json | undefined;
  return holder?.['code'] ?? holder?.['type'];
}
