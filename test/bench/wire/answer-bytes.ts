/** Canned answers of the bench upstream: head and events in the shapes of codex-wire 2.4, each event its own HTTP chunk. */
import { markText, stampMark, MARK } from './mark';

/** `"sequence_number"` counts from here, so that it always has the same width. */
const SEQUENCE_BASE = 1_000_000;
/** Size of a delta event, `event:` line and blank line included (performance.md "Rig": about 200 bytes). */
const DELTA_BYTES = 200;
/** Events per write of a burst (performance.md "Rig": up to 10). */
const EVENTS_PER_WRITE = 10;

const RESPONSE_ID = `resp_${'0a'.repeat(24)}`;

/** Head of every streamed answer. Rate headers as upstream sends them with each answer (codex-wire 2.9). */
const HEAD = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    'date: Tue, 24 Nov 2026 12:00:00 GMT',
    'content-type: text/event-stream; charset=utf-8',
    'cache-control: no-cache',
    'openai-processing-ms: 12',
    'x-oai-request-id: 5f4e8b9a-3c2d-4e1f-8a7b-6c5d4e3f2a1b',
    'x-codex-plan-type: pro',
    'x-codex-primary-used-percent: 12',
    'x-codex-primary-window-minutes: 300',
    'x-codex-primary-reset-after-seconds: 11040',
    'x-codex-secondary-used-percent: 4',
    'x-codex-secondary-window-minutes: 10080',
    'x-codex-secondary-reset-after-seconds: 500000',
    'transfer-encoding: chunked',
    'connection: keep-alive',
    '\r\n',
  ].join('\r\n'),
);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Some bytes as one HTTP chunk. */
export function httpChunk(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

function event(type: string, fields: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`);
}

/** `response.created`, as the first event of an answer. */
export function createdEvent(): Buffer {
  return event('response.created', {
    sequence_number: SEQUENCE_BASE,
    response: { id: RESPONSE_ID, object: 'response', status: 'in_progress', model: 'gpt-5.5', output: [] },
  });
}

/** One `response.output_text.delta` of exactly 200 bytes; `number` counts from 1. */
export function deltaEvent(number: number, stampMicros = 0): Buffer {
  const build = (filler: string): Buffer =>
    event('response.output_text.delta', {
      sequence_number: SEQUENCE_BASE + number,
      item_id: 'msg_0a1b2c',
      output_index: 0,
      content_index: 0,
      delta: `${markText('d', number, stampMicros)}${filler}`,
    });
  return build(' '.repeat(DELTA_BYTES - build('').length));
}

/** `response.completed` with usage; carries how many deltas came before it. */
export function completedEvent(deltas: number): Buffer {
  return event('response.completed', {
    sequence_number: SEQUENCE_BASE + deltas + 1,
    response: {
      id: RESPONSE_ID,
      object: 'response',
      status: 'completed',
      model: 'gpt-5.5',
      service_tier: 'default',
      metadata: { bench: markText('c', deltas) },
      usage: {
        input_tokens: 1200,
        input_tokens_details: { cached_tokens: 1000 },
        output_tokens: 50,
        output_tokens_details: { reasoning_tokens: 20 },
        total_tokens: 1250,
      },
    },
  });
}

/** What opens a paced stream: the head and `response.created`. */
export function streamOpening(): Buffer {
  return Buffer.concat([HEAD, httpChunk(createdEvent())]);
}

/** What ends a paced stream after `deltas` deltas. */
export function streamEnding(deltas: number): Buffer {
  return Buffer.concat([httpChunk(completedEvent(deltas)), LAST_CHUNK]);
}

/**
 * A whole answer with `deltas` deltas, ready to be written piece by piece.
 * @returns one Buffer per write: up to ten events each, the head with the first ones
 */
export function cannedAnswer(deltas: number): Buffer[] {
  const chunks = [httpChunk(createdEvent())];
  for (let number = 1; number <= deltas; number += 1) chunks.push(httpChunk(deltaEvent(number)));
  chunks.push(httpChunk(completedEvent(deltas)));
  const writes: Buffer[] = [];
  for (let at = 0; at < chunks.length; at += EVENTS_PER_WRITE) {
    const group = chunks.slice(at, at + EVENTS_PER_WRITE);
    const isLast = at + EVENTS_PER_WRITE >= chunks.length;
    writes.push(Buffer.concat([...(at === 0 ? [HEAD] : []), ...group, ...(isLast ? [LAST_CHUNK] : [])]));
  }
  return writes;
}

/** Makes delta chunks with a time in them by patching a copy of one template. */
export class StampedDelta {
  readonly #template = httpChunk(deltaEvent(1));
  readonly #markAt = this.#template.indexOf(MARK);
  readonly #sequenceAt = this.#template.indexOf(String(SEQUENCE_BASE + 1));

  /** A new Buffer: the socket may still hold the one before. `number` counts from 1. */
  chunk(number: number, stampMicros: number): Buffer {
    const bytes = Buffer.from(this.#template);
    bytes.write(String(SEQUENCE_BASE + number), this.#sequenceAt, 'latin1');
    stampMark(bytes, this.#markAt, number, stampMicros);
    return bytes;
  }
}
