/** `reply(…)`: a scripted answer to one model call, with every way of sending and stopping it. */
import { pause, untilAborted, type HeaderSet } from './answer';
import { textAnswer } from './answers';
import type { Behaviour } from './behaviour';
import type { Framing } from './event-framing';
import { EventWriter, type Cut } from './event-writer';
import type { FakeEvent } from './events';
import { asJsonObject, asText } from './json-value';
import type { RecordedRequest } from './recorder';

export interface ReplyOptions {
  /** Events, or a function that makes fresh ones for each request; default a short text answer. */
  readonly events?: readonly FakeEvent[] | ((request: RecordedRequest) => readonly FakeEvent[]);
  readonly headers?: HeaderSet;
  readonly turnState?: boolean;
  /** Milliseconds of silence before the response head. */
  readonly delayBeforeHeadersMs?: number;
  /** Milliseconds before each event but the first. */
  readonly delayMs?: number;
  readonly framing?: Framing;
  /** Write at most this many bytes at a time; 1 splits everything that can be split. */
  readonly chunkBytes?: number;
  /** Stop after `after` events: keep silent, or cut. `partOfNext` sends half of the next event first. */
  readonly stop?: { readonly after: number; readonly how: 'silence' | Cut; readonly partOfNext?: boolean };
}

/** The `model` that a request asks for. */
export function requestedModel(request: RecordedRequest): string {
  return asText(asJsonObject(request.json)['model']) ?? 'gpt-5.5';
}

function eventsFor(options: ReplyOptions, request: RecordedRequest): readonly FakeEvent[] {
  if (options.events === undefined) return textAnswer(undefined, { model: requestedModel(request) });
  return typeof options.events === 'function' ? options.events(request) : options.events;
}

/** Answers 200 with an event stream. */
export function reply(options: ReplyOptions = {}): Behaviour {
  return async (exchange) => {
    const events = eventsFor(options, exchange.request);
    const writer = new EventWriter(exchange, options.framing, options.chunkBytes);
    await pause(options.delayBeforeHeadersMs ?? 0, exchange.signal);
    writer.head({
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      ...(options.turnState === undefined ? {} : { turnState: options.turnState }),
    });
    const { stop } = options;
    for (const [index, event] of events.slice(0, stop?.after).entries()) {
      if (index > 0) await pause(options.delayMs ?? 0, exchange.signal);
      await writer.event(event);
    }
    if (stop === undefined) return writer.end();
    const next = events[stop.after];
    if (stop.partOfNext === true && next !== undefined) await writer.partOfEvent(next);
    if (stop.how === 'silence') return untilAborted(exchange.signal);
    writer.cut(stop.how);
  };
}

/** A text answer told in these pieces. */
export function replyText(...pieces: readonly string[]): Behaviour {
  return reply({ events: (request) => textAnswer(pieces, { model: requestedModel(request) }) });
}
