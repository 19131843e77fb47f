/** Writes an event stream to one response: heads, events, raw bytes and the ways to end. */
import { frameEvent, pieces, type Framing } from './event-framing';
import type { Exchange } from './behaviour';
import type { HeaderSet } from './answer';
import { freshTurnState, type FakeEvent } from './events';

/** How a stream stops without its terminal event. */
export type Cut =
  /** TCP reset. */
  | 'reset'
  /** The socket closes in the middle of the chunked body. */
  | 'close'
  /** The HTTP answer ends cleanly, the event stream does not. */
  | 'eof'
  /** A WebSocket's close frame with this code; over HTTP the socket closes. */
  | number;

export interface StreamHead {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: HeaderSet;
  /** `false` = no `x-codex-turn-state`; default a fresh one, entered as the account's. */
  readonly turnState?: boolean;
}

export class EventWriter {
  /** Bytes handed to the socket so far. */
  sentBytes = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly framing: Framing = {},
    private readonly chunkBytes?: number,
  ) {}

  /** Sends status and headers now, before any event. */
  head(head: StreamHead = {}): void {
    const { response, account, ownership } = this.exchange;
    if (response.headersSent) return;
    const turnState = head.turnState === false ? undefined : freshTurnState();
    if (turnState !== undefined) ownership.issue('turn_state', turnState, account);
    response.writeHead(head.status ?? 200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      ...(turnState === undefined ? {} : { 'x-codex-turn-state': turnState }),
      ...head.headers,
    });
    response.flushHeaders();
  }

  /** Sends one event and resolves when its bytes have left this process. */
  async event(event: FakeEvent): Promise<void> {
    this.exchange.ownership.issueAll(event, this.exchange.account);
    await this.bytes(frameEvent(event, this.framing));
  }

  /** The first `keep` bytes of an event: half of it when left out. */
  async partOfEvent(event: FakeEvent, keep?: number): Promise<void> {
    const whole = frameEvent(event, this.framing);
    await this.bytes(whole.subarray(0, keep ?? Math.floor(whole.length / 2)));
  }

  /** Sends bytes as they are. Resolves without sending when the client has left. */
  async bytes(bytes: Buffer): Promise<void> {
    for (const piece of pieces(bytes, this.chunkBytes)) {
      if (this.exchange.signal.aborted) return;
      await this.write(piece);
    }
  }

  /** Ends the HTTP answer cleanly. */
  end(): void {
    this.exchange.response.end();
  }

  /** Ends the stream in a way it should not end. */
  cut(how: Cut): void {
    if (how === 'eof') this.exchange.response.end();
    else this.exchange.cutConnection(how);
  }

  private write(piece: Buffer): Promise<void> {
    const { response, signal } = this.exchange;
    return new Promise((resolve) => {
      const finish = (): void => {
        signal.removeEventListener('abort', finish);
        resolve();
      };
      signal.addEventListener('abort', finish);
      response.write(piece, () => {
        this.sentBytes += piece.length;
        finish();
      });
    });
  }
}
