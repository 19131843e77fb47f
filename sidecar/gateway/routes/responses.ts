/** `POST /v1/responses` and `POST /backend-api/codex/responses`: prepare the body, choose stream or JSON, run the turn. */
import type { PreparedBody, RouteFlavour } from '../protocol/responses-rules';
import { ResponseCollector } from '../relay/collector';
import { ResponsesDialect } from '../relay/responses-dialect';
import type { Answer } from '../turn/answer';
import type { HttpTurn } from '../turn/http-turn';
import { JsonAnswer } from '../turn/json-answer';
import { isNativeClient } from '../upstream/request-headers';
import { prepareBody, receiveBody, runGeneration, streamAnswer, type GenerationServices } from './generation';
import type { RouteHandler } from './router';

export function responsesRoute(services: GenerationServices, flavour: RouteFlavour): RouteHandler {
  return async (turn) => {
    services.noteUserAgent(turn.request.headers['user-agent']);
    const prepared = prepareBody(services, turn, await receiveBody(turn, flavour), flavour);
    turn.record.stream = wantsStream(prepared, turn.request.headers.accept);
    await runGeneration(services, turn, prepared, answerFor(services, turn, flavour));
  };
}

/** The body's `stream` decides, then `Accept` (issue of every SDK that sends `Accept: application/json` with `stream:true`). */
function wantsStream(prepared: PreparedBody, accept: string | undefined): boolean {
  if (prepared.stream !== undefined) return prepared.stream === 'sse';
  return accept?.toLowerCase().includes('text/event-stream') ?? false;
}

function answerFor(services: GenerationServices, turn: HttpTurn, flavour: RouteFlavour): Answer {
  if (!turn.record.stream) return new JsonAnswer(turn, () => new ResponseCollector());
  // A Codex client that was pointed at /v1 still needs its own events and keepalives (spec codex-wire 2.1, 2.5).
  const spoken = isNativeClient(turn.request.rawHeaders) ? 'codex' : flavour;
  return streamAnswer(services, turn, new ResponsesDialect(spoken, services.now));
}
