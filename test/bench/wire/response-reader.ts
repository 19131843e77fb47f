/** Reads answers off a socket, one after the other, and says of each whether it was whole. */
import type { EventTally } from './event-tally';
import { MessageReader } from './message-reader';

/** How an answer ended. */
export interface AnswerEnd {
  /** What was wrong with it, `null` = complete and nothing missing. */
  readonly problem: string | null;
  /** The server closes the connection behind it. */
  readonly closes: boolean;
}

const CLOSES = /\r\nconnection: *close/i;

export class ResponseReader {
  readonly #messages: MessageReader;
  #status = 0;
  #closes = false;

  /**
   * @param deltas events that every answer has; `null` = any number
   * @param onEnd called once per answer
   */
  constructor(
    private readonly tally: EventTally,
    private readonly deltas: number | null,
    private readonly onEnd: (end: AnswerEnd) => void,
  ) {
    this.#messages = new MessageReader({
      head: (text) => this.#open(text),
      piece: (buffer, start, end) => tally.feed(buffer, start, end),
      end: () => this.onEnd({ problem: this.#problem(), closes: this.#closes }),
    });
  }

  /** Throws Error on bytes that are no HTTP/1.1 answer. */
  feed(chunk: Buffer): void {
    this.#messages.feed(chunk);
  }

  #open(head: string): void {
    if (!head.startsWith('HTTP/1.1 ')) throw new Error(`no HTTP answer: ${head.slice(0, 60)}`);
    this.#status = Number(head.slice(9, 12));
    this.#closes = CLOSES.test(head);
    this.tally.reset();
  }

  #problem(): string | null {
    const { tally } = this;
    if (this.#status !== 200) return `status ${String(this.#status)}`;
    if (tally.lost > 0) return `${String(tally.lost)} events lost or doubled`;
    if (!tally.completed) return 'no completed event';
    if (this.deltas !== null && tally.deltas !== this.deltas) return `${String(tally.deltas)} events`;
    return null;
  }
}
