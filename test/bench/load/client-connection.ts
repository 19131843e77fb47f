/** One connection of the load client: sends its request again and again and hears when each answer has ended. */
import net from 'node:net';
import { EventTally, type EventTotals } from '../wire/event-tally';
import { ResponseReader } from '../wire/response-reader';

/** Where requests go. */
export interface LoadTarget {
  readonly port: number;
  readonly path: string;
  /** Headers beyond those of Codex, for peers. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ConnectionOptions {
  readonly port: number;
  /** Head and body. */
  readonly request: Buffer;
  /** Deltas that every answer has; `null` = any number. */
  readonly deltas: number | null;
  readonly totals: EventTotals;
  readonly nowMicros: () => number;
  /** An answer ended, well (`null`) or badly. */
  readonly onEnd: (connection: ClientConnection, problem: string | null) => void;
  /** The first delta of an answer is here. */
  readonly onFirst?: (connection: ClientConnection) => void;
}

export class ClientConnection {
  /** When the request under way was sent; µs. */
  sentMicros = 0;
  readonly #options: ConnectionOptions;
  readonly #tally: EventTally;
  #socket: net.Socket | null = null;
  #waiting = false;
  #started = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#tally = new EventTally(options.totals, options.nowMicros);
  }

  /** A fresh connection; rejects when it is refused. */
  connect(): Promise<void> {
    const socket = net.connect({ port: this.#options.port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    const reader = new ResponseReader(this.#tally, this.#options.deltas, ({ problem, closes }) => {
      if (closes) this.#drop();
      this.#end(problem);
    });
    socket.on('data', (chunk: Buffer) => this.#hear(reader, chunk));
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#end('the connection closed before the answer was complete');
    });
    return new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => {
        socket.destroy();
        reject(error);
      });
    });
  }

  /** Sends the request, over a new connection if the server has closed the one before. */
  send(): void {
    this.#waiting = true;
    this.#started = false;
    this.sentMicros = this.#options.nowMicros();
    if (this.#socket !== null) this.#socket.write(this.#options.request);
    else
      this.connect().then(
        () => this.#socket?.write(this.#options.request),
        () => this.#end('connection refused'),
      );
  }

  /** Ends the connection without judging it. */
  close(): void {
    this.#waiting = false;
    this.#drop();
  }

  #hear(reader: ResponseReader, chunk: Buffer): void {
    try {
      reader.feed(chunk);
    } catch (error) {
      this.#drop();
      this.#end(error instanceof Error ? error.message : String(error));
      return;
    }
    if (this.#started || this.#tally.deltas === 0) return;
    this.#started = true;
    this.#options.onFirst?.(this);
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
  }

  #end(problem: string | null): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    this.#options.onEnd(this, problem);
  }
}
