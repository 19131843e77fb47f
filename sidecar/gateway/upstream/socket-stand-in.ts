/** Answers to frames that no HTTP call can stand in for, while the upstream takes no WebSockets. */
import type { SocketRequest, UpstreamCall, UpstreamSink } from './transport';

/** An empty id makes the client send its next turn whole and un-anchored (codex-wire 2.5). */
const EMPTY = { id: '', object: 'response', output: [], usage: null };
const PREWARMED = [
  { type: 'response.created', response: { ...EMPTY, status: 'in_progress' } },
  { type: 'response.completed', response: { ...EMPTY, status: 'completed' } },
];
/** Clients answer it by sending their whole history (codex-observed "How it reacts"). */
const LOST = {
  error: {
    message: 'The previous response is not known any more.',
    type: 'invalid_request_error',
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  },
};

/** Answers a prewarm as done, and an anchored frame with the error from which its client heals itself. */
export function localAnswer(socket: SocketRequest, sink: UpstreamSink): UpstreamCall {
  let isAborted = false;
  queueMicrotask(() => {
    if (isAborted) return;
    if (socket.isPrewarm) {
      sink.onHead(101, []);
      for (const event of PREWARMED) sink.onChunk(Buffer.from(JSON.stringify(event)));
    } else {
      sink.onHead(400, ['content-type', 'application/json']);
      sink.onChunk(Buffer.from(JSON.stringify(LOST)));
    }
    sink.onEnd();
  });
  return {
    pause: () => undefined,
    resume: () => undefined,
    abort: () => {
      isAborted = true;
    },
  };
}
