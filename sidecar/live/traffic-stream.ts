/** The readers of `/api/accounts/traffic/ws` (spec/admin-api.md 6.14) and the clock of everything about traffic. */
import type { RawData, WebSocket } from 'ws';
import type { AccountTraffic } from '../contract/live';
import { SocketReaders } from './socket-readers';
import type { BoundedSocket } from './bounded-socket';
import { encodeTraffic, type TrafficFrameKind } from './traffic-frame';

export interface TrafficStreamOptions {
  readonly now: () => number;
  /** Totals up to now. */
  readonly snapshot: () => readonly AccountTraffic[];
  readonly hasEventReaders: () => boolean;
  /** Tells readers of events about an account. */
  readonly announce: (account: AccountTraffic) => void;
}

/** At most one frame an account in this time, ms; the last total always follows. */
const TICK_MS = 150;
/** Readers of events are told less often, ms. */
const ANNOUNCE_MS = 900;

export class TrafficStream {
  readonly #options: TrafficStreamOptions;
  readonly #readers = new SocketReaders();
  readonly #sent = new Map<string, number>();
  readonly #announced = new Map<string, { readonly bytes: number; readonly atMs: number }>();
  #ticks: NodeJS.Timeout | null = null;

  constructor(options: TrafficStreamOptions) {
    this.#options = options;
  }

  /** Sends every total, and again when it says `snapshot` or nothing. */
  add(socket: WebSocket): void {
    const reader = this.#readers.add(socket, null);
    this.#sendAll(reader);
    socket.on('message', (data: RawData) => {
      const word = Buffer.isBuffer(data) ? data.toString('utf8') : null;
      if (word === '' || word === 'snapshot') this.#sendAll(reader);
    });
    this.wake();
  }

  /** Looks at the totals from now on, while there is somebody to tell. */
  wake(): void {
    this.#ticks ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  async close(): Promise<void> {
    this.#sleep();
    await this.#readers.close();
  }

  #sleep(): void {
    if (this.#ticks !== null) clearInterval(this.#ticks);
    this.#ticks = null;
  }

  #tick(): void {
    const { hasEventReaders, snapshot } = this.#options;
    const hasReaders = this.#readers.size > 0;
    if (!hasReaders && !hasEventReaders()) {
      this.#sleep();
      return;
    }
    for (const account of snapshot()) {
      const bytes = account.upBytes + account.downBytes;
      if (this.#sent.get(account.accountId) !== bytes) {
        this.#sent.set(account.accountId, bytes);
        const frame = this.#frame('update', account);
        if (hasReaders && frame !== null) this.#readers.send(frame, true);
      }
      if (hasEventReaders()) this.#announce(account, bytes);
    }
  }

  #announce(account: AccountTraffic, bytes: number): void {
    const { announce, now } = this.#options;
    const before = this.#announced.get(account.accountId);
    const atMs = now();
    if (before !== undefined && (before.bytes === bytes || atMs - before.atMs < ANNOUNCE_MS)) return;
    this.#announced.set(account.accountId, { bytes, atMs });
    announce(account);
  }

  #sendAll(reader: BoundedSocket): void {
    for (const account of this.#options.snapshot()) {
      const frame = this.#frame('snapshot', account);
      if (frame !== null) reader.send(frame, true);
    }
  }

  #frame(kind: TrafficFrameKind, account: AccountTraffic): Buffer | null {
    return encodeTraffic(kind, this.#options.now(), account);
  }
}
