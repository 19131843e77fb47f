/** Feeds the events of one attempt to a sink: finds them in Buffers, parses those that say something, notes a failure. */
import { TightropeError } from '../../platform/errors';
import { isRecord, type Json } from '../protocol/json-record';
import { OutputReader } from '../protocol/output-reader';
import type { OutputSink } from '../protocol/output-sink';
import { CR, eventBoundary, eventData, skipBlankLines } from './event-lines';
import { EventType, type EventKind } from './event-type';
import { terminalError } from './terminal-error';
import { readTextDelta, TEXT_DELTA } from './text-delta';
import { readTerminal } from './usage';

/** A whole answer is kept while it is told; far above any real one. */
const LIMIT_BYTES = 64 * 1024 * 1024;

export class OutputFeed {
  /** What the terminal event, or an event that cannot be read, says went wrong. */
  failure: TightropeError | null = null;
  /** The terminal event has come. */
  ended = false;
  readonly #reader: OutputReader;
  readonly #type = new EventType();
  #bytes = 0;

  constructor(sink: OutputSink) {
    this.#reader = new OutputReader(sink);
  }

  /** Whole events. Throws TightropeError `upstream_response_too_large`. */
  push(events: Buffer): void {
    this.#bytes += events.length;
    if (this.#bytes > LIMIT_BYTES) throw new TightropeError('upstream_response_too_large');
    const hasCr = events.includes(CR);
    let start = skipBlankLines(events, 0);
    while (start < events.length && !this.ended) {
      const boundary = eventBoundary(events, start, 0, hasCr);
      const end = boundary < 0 ? events.length : boundary;
      this.#take(this.#type.read(events, start, end), events, start, end);
      start = skipBlankLines(events, end);
    }
  }

  #take(kind: EventKind, events: Buffer, start: number, end: number): void {
    if (kind === 'failed' || kind === 'error') {
      this.failure = terminalError(readTerminal(events, start, end).error);
      this.ended = true;
      return;
    }
    const name = this.#type.name();
    if (name === TEXT_DELTA && this.#takeText(events, start, end)) return;
    if (!OutputReader.knows(name)) return;
    const event = parse(eventData(events, start, end));
    if (event === null) {
      this.failure = new TightropeError('upstream_error', {
        message: `The upstream sent a ${name} event that is no JSON.`,
      });
      this.ended = true;
      return;
    }
    this.#reader.read(name, event);
    this.ended = kind === 'completed' || kind === 'incomplete';
  }

  /** `false` = the event has to be parsed. */
  #takeText(events: Buffer, start: number, end: number): boolean {
    const delta = readTextDelta(events, start, end);
    return delta !== null && this.#reader.textAt(delta.outputIndex, delta.contentIndex, delta.piece);
  }
}

function parse(data: Buffer): Json | null {
  try {
    const event: unknown = JSON.parse(data.toString('utf8'));
    return isRecord(event) ? event : null;
  } catch {
    return null; // Told by the caller, with the name of the event.
  }
}
