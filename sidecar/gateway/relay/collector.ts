/** Collects the one JSON object of a non-streamed answer out of the upstream's events (proxy.md 4.4), by bytes. */
import { TightropeError } from '../../platform/errors';
import { applyEdits } from '../protocol/edits';
import { scanArrayItems, scanTopLevel, type TopLevel } from '../protocol/top-level';
import { CR, eventBoundary, eventData, skipBlankLines } from './event-lines';
import { EventType } from './event-type';
import { terminalError } from './terminal-error';
import { readTerminal, type Terminal } from './usage';

/** The answer to a client that asked for JSON. */
export interface CollectedResponse {
  /** 200 also for `response.failed`: the object itself says that it failed. */
  readonly status: number;
  readonly body: Buffer;
  readonly terminal: Terminal;
}

/** A whole answer in memory; far above any real one. */
const LIMIT_BYTES = 64 * 1024 * 1024;

/** One per attempt that a JSON answer is collected from. */
export class ResponseCollector {
  readonly #type = new EventType();
  readonly #items = new Map<number, Buffer>();
  readonly #limitBytes: number;
  #bytes = 0;
  #terminal: Buffer | null = null;

  constructor(limitBytes: number = LIMIT_BYTES) {
    this.#limitBytes = limitBytes;
  }

  /** Whole events, as `EventVisitor.forward` hands them over. Throws TightropeError `upstream_response_too_large`. */
  push(events: Buffer): void {
    const hasCr = events.includes(CR);
    let start = skipBlankLines(events, 0);
    while (start < events.length && this.#terminal === null) {
      const boundary = eventBoundary(events, start, 0, hasCr);
      const end = boundary < 0 ? events.length : boundary;
      this.#look(events, start, end);
      start = skipBlankLines(events, end);
    }
  }

  /**
   * Throws TightropeError `upstream_incomplete` when no terminal event came, and `upstream_error` with the mapped status and the
   * upstream's code when it was an `error` event.
   */
  finish(): CollectedResponse {
    if (this.#terminal === null) throw new TightropeError('upstream_incomplete');
    const terminal = readTerminal(this.#terminal, 0, this.#terminal.length);
    if (terminal.kind === 'error') throw terminalError(terminal.error);
    const event = eventData(this.#terminal, 0, this.#terminal.length);
    const top = scanEvent(event);
    const response = top.span('response');
    if (response === undefined || top.kind('response') !== 'object') throw new TightropeError('upstream_incomplete');
    const body = this.#withOutput(event.subarray(response.valueStart, response.valueEnd));
    return { status: 200, body, terminal };
  }

  #look(events: Buffer, start: number, end: number): void {
    switch (this.#type.read(events, start, end)) {
      case 'completed':
      case 'failed':
      case 'incomplete':
      case 'error':
        this.#terminal = this.#keep(events.subarray(start, end));
        break;
      case 'item_done':
        this.#rememberItem(eventData(events, start, end));
        break;
      case 'other':
        if (this.#type.name() === 'response.output_item.added') this.#rememberItem(eventData(events, start, end));
        break;
      default:
        break;
    }
  }

  #rememberItem(data: Buffer): void {
    const top = scanEvent(data);
    const index = top.span('output_index');
    const item = top.span('item');
    if (index === undefined || item === undefined) return;
    const place = Number(data.toString('latin1', index.valueStart, index.valueEnd));
    if (Number.isInteger(place)) this.#items.set(place, this.#keep(data.subarray(item.valueStart, item.valueEnd)));
  }

  /** A copy, so that the whole chunk is not held; what is overwritten later still counts, the bound is on work as well. */
  #keep(bytes: Buffer): Buffer {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limitBytes) throw new TightropeError('upstream_response_too_large');
    return Buffer.from(bytes);
  }

  /** The terminal snapshot sometimes comes without its output; then the items that were streamed stand in. */
  #withOutput(response: Buffer): Buffer {
    const top = scanTopLevel(response);
    const span = top.span('output');
    const isFull = span !== undefined && top.kind('output') === 'array' && scanArrayItems(response, span).length > 0;
    if (isFull || this.#items.size === 0) return response;
    const items = [...this.#items].sort(([a], [b]) => a - b).map(([, item]) => item.toString('utf8'));
    return applyEdits(response, [{ op: 'set', key: 'output', json: `[${items.join(',')}]` }], top);
  }
}

/** Broken JSON here is the upstream's fault, not the client's. */
function scanEvent(data: Buffer): TopLevel {
  try {
    return scanTopLevel(data);
  } catch (error) {
    throw new TightropeError('upstream_incomplete', { cause: error });
  }
}
