/** What kind of event some bytes are, by the `event:` line or, where there is none, by the data's `type`: no JSON, no strings. */
import { scanTopLevel } from '../protocol/top-level';
import { dataValue, eventData, eventValue, lineEnd, nextLine, skipBlankLines, skipByteOrderMark } from './event-lines';

/**
 * What an event is to the relay. `codex_other` = vendor events without model output (`codex.*`, `responsesapi.*`, `keepalive`);
 * `item_done` = a whole output item, which is model output too; `comment` = nothing a client would dispatch; `other` = model output and
 * everything unknown.
 */
export type EventKind =
  | 'created'
  | 'in_progress'
  | 'completed'
  | 'failed'
  | 'incomplete'
  | 'error'
  | 'rate_limits'
  | 'metadata'
  | 'item_done'
  | 'codex_other'
  | 'done'
  | 'comment'
  | 'other';

/** The few names that matter (codex-wire 2.4). No two have the same length but the two of 17 bytes. */
const NAMES: readonly (readonly [name: Buffer, kind: EventKind])[] = [
  [Buffer.from('error'), 'error'],
  [Buffer.from('keepalive'), 'codex_other'],
  [Buffer.from('response.failed'), 'failed'],
  [Buffer.from('response.created'), 'created'],
  [Buffer.from('response.metadata'), 'metadata'],
  [Buffer.from('codex.rate_limits'), 'rate_limits'],
  [Buffer.from('response.completed'), 'completed'],
  [Buffer.from('response.incomplete'), 'incomplete'],
  [Buffer.from('response.in_progress'), 'in_progress'],
  [Buffer.from('response.output_item.done'), 'item_done'],
];
const SHORTEST = 5;
const LONGEST = 25;
const RESPONSE = Buffer.from('response.');
const VENDOR_PREFIXES = [Buffer.from('codex.'), Buffer.from('responsesapi.')] as const;
const TYPE_KEY = Buffer.from('"type"');
const DONE = Buffer.from('[DONE]');

/** Finds the type of events, one after the other, without allocating. */
export class EventType {
  /** Range of the type's bytes in `source`; empty when the event has none. */
  start = 0;
  end = 0;
  /** Where the bytes are: the Buffer that was read, or a copy when the data came in several lines. */
  source: Buffer = Buffer.alloc(0);
  hasEventLine = false;
  #isDone = false;
  #isSilent = false;

  /** Looks at the whole event `buffer[from, to)`. */
  read(buffer: Buffer, from: number, to: number): EventKind {
    this.#locate(buffer, skipBlankLines(buffer, skipByteOrderMark(buffer, from)), to);
    if (this.#isDone) return 'done';
    return this.#isSilent ? 'comment' : this.#kind();
  }

  /** Looks at the JSON of one event without framing, as a WebSocket carries it. */
  readData(data: Buffer): EventKind {
    this.source = data;
    this.#isDone = false;
    this.hasEventLine = false;
    this.start = this.end = 0;
    this.#locateInData(data, 0, data.length, () => data);
    return this.#isDone ? 'done' : this.#kind();
  }

  /** The type as text, `''` when the event has none. */
  name(): string {
    return this.source.toString('latin1', this.start, this.end);
  }

  #locate(buffer: Buffer, from: number, to: number): void {
    this.source = buffer;
    this.#isDone = false;
    this.#isSilent = false;
    this.hasEventLine = false;
    this.start = this.end = from;
    let data = -1;
    for (let p = from; p < to;) {
      const name = eventValue(buffer, p, to);
      if (name >= 0) {
        this.hasEventLine = true;
        this.start = name;
        this.end = lineEnd(buffer, name, to);
        if (this.#isTrusted()) return;
        p = nextLine(buffer, this.end, to);
        continue;
      }
      if (data < 0) data = dataValue(buffer, p, to);
      // Without a name the first data line decides; more lines matter only to find a name, and no upstream puts it last.
      if (data >= 0) break;
      p = nextLine(buffer, lineEnd(buffer, p, to), to);
    }
    if (data >= 0) this.#locateInData(buffer, data, to, () => eventData(buffer, from, to));
    else this.#isSilent = true;
  }

  /** Names of families we know are taken at their word; for `message` and the like the data's type counts. */
  #isTrusted(): boolean {
    return startsWith(this.source, this.start, this.end, RESPONSE) || this.#kind() !== 'other';
  }

  /** @param whole all data of the event, asked for when `type` is not its first key */
  #locateInData(buffer: Buffer, data: number, to: number, whole: () => Buffer): void {
    if (startsWith(buffer, data, to, DONE)) {
      this.#isDone = true;
      return;
    }
    let p = skipSpaces(buffer, data, to);
    if (buffer[p] !== 0x7b) return;
    p = skipSpaces(buffer, p + 1, to);
    if (startsWith(buffer, p, to, TYPE_KEY)) {
      p = skipSpaces(buffer, p + TYPE_KEY.length, to);
      p = buffer[p] === 0x3a ? skipSpaces(buffer, p + 1, to) : to;
      if (buffer[p] === 0x22) {
        this.start = p + 1;
        this.end = quoteEnd(buffer, p + 1, to);
        return;
      }
    }
    this.#locateByScan(whole());
  }

  /** `type` is not the first key: rare enough to scan the whole data. Data that is no JSON object has no type. */
  #locateByScan(data: Buffer): void {
    const type = typeSpan(data);
    if (type === null) return;
    this.source = data;
    this.start = type.valueStart + 1;
    this.end = type.valueEnd - 1;
  }

  #kind(): EventKind {
    const { source, start, end } = this;
    const length = end - start;
    if (length >= SHORTEST && length <= LONGEST) {
      for (const [name, kind] of NAMES) {
        if (name.length === length && startsWith(source, start, end, name)) return kind;
      }
    }
    return VENDOR_PREFIXES.some((prefix) => startsWith(source, start, end, prefix)) ? 'codex_other' : 'other';
  }
}

/** Span of the top-level `type` string of some data, `null` when it is no JSON object or has none. */
export function typeSpan(data: Buffer): { readonly valueStart: number; readonly valueEnd: number } | null {
  try {
    const top = scanTopLevel(data);
    return top.kind('type') === 'string' ? (top.span('type') ?? null) : null;
  } catch {
    return null; // Upstream may send any text as data; what is no JSON is passed on as it is.
  }
}

function startsWith(buffer: Buffer, start: number, end: number, prefix: Buffer): boolean {
  if (end - start < prefix.length) return false;
  for (let i = 0; i < prefix.length; i++) if (buffer[start + i] !== prefix[i]) return false;
  return true;
}

function skipSpaces(buffer: Buffer, from: number, to: number): number {
  let p = from;
  while (p < to && (buffer[p] === 0x20 || buffer[p] === 0x09)) p++;
  return p;
}

function quoteEnd(buffer: Buffer, from: number, to: number): number {
  let p = from;
  while (p < to && buffer[p] !== 0x22) p++;
  return p;
}
