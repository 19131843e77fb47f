/** Fault verbs on an accepted stream (codex-wire 2.11.3): where it stops and how. */
import { textAnswer } from './answers';
import type { Behaviour } from './behaviour';
import type { Cut } from './event-writer';
import { numbered, responseCreated, freshId, responseFailed, type FakeEvent } from './events';
import { reply, requestedModel, type ReplyOptions } from './reply';
import type { RecordedRequest } from './recorder';

const fresh = (request: RecordedRequest): FakeEvent[] => textAnswer(undefined, { model: requestedModel(request) });

/** Index in the standard text answer after which `count` text deltas have been sent. */
const AFTER_FIRST_DELTA = 5;
const BEFORE_COMPLETED = -1;

const stopped = (after: number, how: Cut | 'silence', more: Partial<ReplyOptions> = {}): Behaviour =>
  reply({ events: fresh, stop: { after, how }, ...more });

/** 200 and headers, then the connection goes before `response.created`. */
export function cutBeforeCreated(how: Cut = 'close'): Behaviour {
  return stopped(0, how);
}

/** `response.created` and nothing more. */
export function cutAfterCreated(how: Cut = 'close'): Behaviour {
  return stopped(1, how);
}

/** Stops when one piece of text is out. */
export function cutMidText(how: Cut = 'close'): Behaviour {
  return stopped(AFTER_FIRST_DELTA, how);
}

/** Stops inside an event: its first half is sent. */
export function cutHalfEvent(how: Cut = 'close'): Behaviour {
  return reply({ events: fresh, stop: { after: AFTER_FIRST_DELTA, how, partOfNext: true } });
}

/** Everything but the terminal event. */
export function cutBeforeCompleted(how: Cut = 'close'): Behaviour {
  return stopped(BEFORE_COMPLETED, how);
}

/** A clean end of the HTTP answer without a terminal event. */
export function eofWithoutTerminal(): Behaviour {
  return cutBeforeCompleted('eof');
}

/** Sends `count` events of the standard answer and keeps silent until the client goes. */
export function silenceAfter(count: number): Behaviour {
  return stopped(count, 'silence');
}

/** An error inside a 200 stream, with or without `response.created` before it (codex-wire 2.4 traps). */
export function failedInStream(code: string, message: string, options: { readonly created?: boolean } = {}): Behaviour {
  return reply({
    events: (request) => {
      const id = freshId('resp');
      const opening = options.created === false ? [] : [responseCreated({ id, model: requestedModel(request) })];
      return numbered([...opening, responseFailed(code, message, id)]);
    },
  });
}

/** Upstream overload, which arrives inside a 200. */
export function overloadedInStream(): Behaviour {
  return failedInStream('server_is_overloaded', 'Our servers are currently overloaded. Please try again later.');
}

/** Capacity text under a code that does not look retryable. */
export function modelAtCapacityInStream(): Behaviour {
  return failedInStream('invalid_request_error', 'Selected model is at capacity. Please try a different model.');
}
