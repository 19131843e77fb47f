/** A raw event-stream client on node:http: yields events in order of arrival and can abort, read slowly or stop reading. */
import http from 'node:http';
import https from 'node:https';
import { SseParser, type SseEvent } from './sse-parser';

export interface HttpCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Pool; default one connection per call, so that an abort closes exactly this socket. */
  readonly agent?: http.Agent;
}

/** An answer whose head has arrived and whose body has not been read. */
export interface OpenAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly message: http.IncomingMessage;
}

/** Starts a call and resolves at its head. Rejects on a connection error before that. */
export function openCall(
  url: string,
  call: HttpCall = {},
  onRequest?: (request: http.ClientRequest) => void,
): Promise<OpenAnswer> {
  return new Promise((resolve, reject) => {
    const client = url.startsWith('https:') ? https : http;
    const request = client.request(url, {
      method: call.method ?? 'GET',
      headers: call.headers as http.OutgoingHttpHeaders,
      agent: call.agent ?? false,
    });
    onRequest?.(request);
    request.once('error', reject);
    request.once('response', (message) => {
      request.off('error', reject);
      // After the head, errors belong to the reader of the body.
      request.on('error', () => undefined);
      resolve({ status: message.statusCode ?? 0, headers: message.headers, message });
    });
    request.end(call.body);
  });
}

/** Everything after the head, as text. */
export async function readText(answer: OpenAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer.message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads one event stream. */
export class EventStream {
  private readonly parser = new SseParser();
  private readonly chunks: AsyncIterator<Buffer, undefined>;
  private ready: SseEvent[] = [];
  private wire: Buffer[] = [];

  constructor(readonly answer: OpenAnswer) {
    this.chunks = answer.message[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** The next event or comment; `null` at a clean end. Rejects when the stream breaks. */
  async next(): Promise<SseEvent | null> {
    while (this.ready.length === 0) {
      const step = await this.chunks.next();
      if (step.done === true) return null;
      this.wire.push(step.value);
      this.ready.push(...this.parser.push(step.value));
    }
    return this.ready.shift() ?? null;
  }

  /** Reads to the end and returns what was left. */
  async rest(): Promise<SseEvent[]> {
    const events: SseEvent[] = [];
    for (let event = await this.next(); event !== null; event = await this.next()) events.push(event);
    return events;
  }

  /** Every body byte read so far, as it came. */
  get bytes(): Buffer {
    return Buffer.concat(this.wire);
  }

  /** Leaves: closes the connection without reading on. */
  abort(): void {
    this.answer.message.destroy();
  }
}

/** Posts a body and opens its event stream whatever the status. */
export async function openEventStream(url: string, call: HttpCall): Promise<EventStream> {
  return new EventStream(await openCall(url, { method: 'POST', ...call }));
}
