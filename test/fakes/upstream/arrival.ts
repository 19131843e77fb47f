/** Turns an incoming HTTP request into its record and watches how it ends. */
import type { IncomingMessage } from 'node:http';
import { ServerResponse } from 'node:http';
import type { AnswerSink, Break } from './answer-sink';
import { deferred } from './deferred';
import { FrameResponse } from './frame-response';
import type { Ending, RecordedRequest } from './recorder';

/** One request on its way through the fake. */
export interface Arrival {
  readonly request: RecordedRequest;
  readonly response: AnswerSink;
  /** Fires when the exchange is over, however it ended. */
  readonly signal: AbortSignal;
  cutConnection(how: Break): void;
}

/** Starts the record; the body is filled in later by whoever reads it. */
export function openArrival(
  index: number,
  message: IncomingMessage,
  response: AnswerSink,
  method = message.method ?? 'GET',
): Arrival {
  const url = new URL(message.url ?? '/', 'http://fake.test');
  const ended = deferred<Ending>();
  const over = new AbortController();
  let cut = false;
  const request: RecordedRequest = {
    index,
    arrivedAtMs: Date.now(),
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    rawHeaders: message.rawHeaders,
    body: Buffer.alloc(0),
    decodedBody: Buffer.alloc(0),
    json: undefined,
    history: [],
    socket: null,
    account: null,
    status: null,
    closedByClient: false,
    endedAtMs: null,
    ended: ended.promise,
  };
  response.once('close', () => {
    request.status = response.headersSent ? response.statusCode : null;
    request.endedAtMs = Date.now();
    request.closedByClient = !response.writableFinished && !cut;
    over.abort();
    ended.resolve(cut ? 'cut_by_fake' : request.closedByClient ? 'client_closed' : 'answered');
  });
  const cutConnection = (how: Break): void => {
    cut = true;
    if (response instanceof FrameResponse) response.cut(how);
    else if (response instanceof ServerResponse && how === 'reset') response.socket?.resetAndDestroy();
    else if (response instanceof ServerResponse) response.socket?.destroy();
  };
  return { request, response, signal: over.signal, cutConnection };
}
