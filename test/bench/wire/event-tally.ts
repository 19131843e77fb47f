/** Counts the marked events of one answer and notices when one is missing, doubled or out of order. */
import type { Histogram } from '../figures/histogram';
import { COMPLETED_KIND, MARK, MARK_BYTES, markMicros, markNumber } from './mark';

/** What all connections of a load count into. */
export interface EventTotals {
  /** Delta events seen. */
  events: number;
  /** Where delivery delays go; `null` = the events carry no time. */
  delays: Histogram | null;
}

const NONE = Buffer.alloc(0);

export class EventTally {
  /** Delta events of this answer. */
  deltas = 0;
  /** Events that are missing or came twice. */
  lost = 0;
  /** The completed event came, and last. */
  completed = false;
  #carry: Buffer = NONE;

  constructor(
    private readonly totals: EventTotals,
    private readonly nowMicros: () => number,
  ) {}

  /** Ready for the next answer. */
  reset(): void {
    this.deltas = 0;
    this.lost = 0;
    this.completed = false;
    this.#carry = NONE;
  }

  /** Looks at body bytes in `buffer[start, end)`. */
  feed(buffer: Buffer, start: number, end: number): void {
    if (this.#carry.length === 0) this.#scan(buffer, start, end);
    else {
      const joined = Buffer.concat([this.#carry, buffer.subarray(start, end)]);
      this.#carry = NONE;
      this.#scan(joined, 0, joined.length);
    }
  }

  #scan(buffer: Buffer, start: number, end: number): void {
    let from = start;
    for (;;) {
      const at = buffer.indexOf(MARK, from);
      if (at < 0 || at >= end) break;
      if (at + MARK_BYTES > end) {
        this.#carry = Buffer.from(buffer.subarray(at, end));
        return;
      }
      this.#note(buffer, at);
      from = at + MARK_BYTES;
    }
    if (end > from && buffer[end - 1] === MARK[0]) this.#carry = Buffer.from(buffer.subarray(end - 1, end));
  }

  #note(buffer: Buffer, at: number): void {
    const number = markNumber(buffer, at);
    if (buffer[at + MARK.length] === COMPLETED_KIND) {
      this.lost += Math.abs(number - this.deltas);
      this.completed = true;
      return;
    }
    if (this.completed) this.lost += 1;
    this.deltas += 1;
    // A gap is noticed once: the count goes on from the number that came.
    if (number !== this.deltas) {
      this.lost += Math.abs(number - this.deltas);
      this.deltas = number;
    }
    this.totals.events += 1;
    this.totals.delays?.record(this.nowMicros() - markMicros(buffer, at));
  }
}
