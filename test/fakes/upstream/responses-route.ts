/** `POST /backend-api/codex/responses` (codex-wire 2.3, 2.4) and its compaction forms (2.7). */
import { sendJson } from './answer';
import { compactionAnswer, prewarmAnswer } from './answers';
import type { Behaviour, Exchange } from './behaviour';
import type { RecordedRequest } from './recorder';
import { freshCiphertext, freshId } from './events';
import { asJsonObject, asText } from './json-value';
import { endsWithCompactionTrigger, payloadProblem } from './payload-rules';
import { reply, requestedModel } from './reply';
import type { Route } from './route';

/** An anchor that this account does not know (codex-wire 2.5: with `store:false` there is no durable history). */
function unknownAnchor({ request, account, ownership }: Exchange): string | null {
  const anchor = asText(asJsonObject(request.json)['previous_response_id']);
  if (anchor === undefined) return null;
  return ownership.ownerOf('response_id', anchor) === account ? null : anchor;
}

function refuse(exchange: Exchange): boolean {
  const problem = payloadProblem(exchange.request.json);
  if (problem !== null) {
    sendJson(exchange.response, 400, problem);
    return true;
  }
  return refuseAnchor(exchange, unknownAnchor(exchange));
}

function refuseAnchor(exchange: Exchange, anchor: string | null): boolean {
  if (anchor === null) return false;
  const message = `Previous response with id '${anchor}' not found.`;
  const error = {
    message,
    type: 'invalid_request_error',
    param: 'previous_response_id',
    code: 'previous_response_not_found',
  };
  sendJson(exchange.response, 400, { error });
  return true;
}

/** Refuses a frame; `anchor` is what its socket does not know. */
export function refuseFrame(exchange: Exchange, anchor: string | null): boolean {
  const problem = payloadProblem(frameBody(exchange.request.json));
  if (problem === null) return refuseAnchor(exchange, anchor);
  sendJson(exchange.response, 400, problem);
  return true;
}

/** The fields that only frames may carry, and `stream`, which they may leave out (codex-wire 2.5). */
function frameBody(json: unknown): unknown {
  const body = { stream: true, ...asJsonObject(json) };
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== 'generate' && name !== 'background'));
}

/** `generate:false`: the request is only read in (codex-wire 2.5). */
export function isPrewarm(request: RecordedRequest): boolean {
  return asJsonObject(request.json)['generate'] === false;
}

const standardAnswer: Behaviour = (exchange) => {
  if (!endsWithCompactionTrigger(exchange.request.json)) return reply()(exchange);
  return reply({ events: (request) => compactionAnswer({ model: requestedModel(request) }) })(exchange);
};

/** The unscripted answer to a frame. */
export const standardFrame: Behaviour = (exchange) => {
  if (!isPrewarm(exchange.request)) return standardAnswer(exchange);
  return reply({ events: (request) => prewarmAnswer({ model: requestedModel(request) }) })(exchange);
};

export const responsesRoute: Route = {
  method: 'POST',
  path: '/backend-api/codex/responses',
  name: 'responses',
  guard: refuse,
  standard: standardAnswer,
};

/** Compaction v1: a JSON answer, no stream. */
export const compactRoute: Route = {
  method: 'POST',
  path: '/backend-api/codex/responses/compact',
  name: 'compact',
  standard: ({ response, account, ownership }) => {
    const output = [{ type: 'compaction', id: freshId('cmp'), encrypted_content: freshCiphertext() }];
    ownership.issueAll(output, account);
    sendJson(response, 200, { id: freshId('resp'), object: 'response.compaction', output });
  },
};
