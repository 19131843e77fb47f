/** A plain event-stream parser for tests: written apart from the product's own, so that both can be wrong only by chance. */

export interface SseEvent {
  /** `comment` = a line that starts with a colon. */
  readonly kind: 'event' | 'comment';
  /** Value of the `event:` line, empty when there is none. */
  readonly name: string;
  /** Joined `data:` lines, or the text of the comment. */
  readonly data: string;
}

/** The event's data as JSON object with its `type`. Throws when it is none. */
export function jsonOf(event: SseEvent | null): Readonly<Record<string, unknown>> & { readonly type: string } {
  if (event === null) throw new Error('the stream has ended, an event was expected');
  const value = JSON.parse(event.data) as Record<string, unknown>;
  if (typeof value['type'] !== 'string') throw new Error(`event without type: ${event.data.slice(0, 200)}`);
  return { ...value, type: value['type'] };
}

export class SseParser {
  /** Pieces of the line that has not ended yet. */
  private unfinished: string[] = [];
  /** The text so far ended with CR: a LF that comes next belongs to it. */
  private afterReturn = false;
  private name = '';
  private data: string[] = [];
  private readonly decoder = new TextDecoder('utf-8');

  /** Takes bytes in any portions; returns what they complete. Lines end with LF, CRLF or CR. */
  push(bytes: Buffer): SseEvent[] {
    const text = this.decoder.decode(bytes, { stream: true });
    const events: SseEvent[] = [];
    let start = this.afterReturn && text.startsWith('\n') ? 1 : 0;
    for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
      if (index < start) continue;
      this.unfinished.push(text.slice(start, index));
      this.line(this.unfinished.join(''), events);
      this.unfinished = [];
      start = index + end.length;
    }
    this.unfinished.push(text.slice(start));
    if (text !== '') this.afterReturn = text.endsWith('\r');
    return events;
  }

  private line(line: string, events: SseEvent[]): void {
    if (line === '') {
      if (this.data.length > 0) events.push({ kind: 'event', name: this.name, data: this.data.join('\n') });
      this.name = '';
      this.data = [];
    } else if (line.startsWith(':')) {
      events.push({ kind: 'comment', name: '', data: line.slice(1).trim() });
    } else {
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'event') this.name = value;
      if (field === 'data') this.data.push(value);
    }
  }
}
