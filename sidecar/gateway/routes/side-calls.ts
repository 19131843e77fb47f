/**
 * Calls of the model family beside generation (codex-wire 2.10): JSON in, JSON out, served by the account of the conversation
 * where there is one, else by any.
 */
import { TightropeError } from '../../platform/errors';
import { countOf, textOf } from '../protocol/json-record';
import { parseJsonObject } from '../protocol/parse-json-object';
import { parseUpstreamObject, scanUpstreamObject } from '../protocol/upstream-json';
import { BodyAnswer, type ShapeReply } from '../turn/body-answer';
import { scopeOf } from '../turn/call-ties';
import type { HttpTurn } from '../turn/http-turn';
import { receiveBody } from './generation';
import { queryOf, runCall, servingAccount, tiesOfCall, type CallServices } from './pool-call';
import type { RouteHandler } from './router';

/** A call whose body goes on as it came, once it is a JSON object. `path` is the upstream's, below its base path. */
export function jsonCallRoute(services: CallServices, path: string): RouteHandler {
  return async (turn) => {
    const body = await receiveBody(turn, 'v1');
    const { model } = parseJsonObject(body);
    await sendJsonCall(services, turn, { path: path + queryOf(turn.request.url), body, model });
  };
}

/** A read without a body. */
export function readRoute(services: CallServices, path: string): RouteHandler {
  return (turn) =>
    runCall(
      services,
      turn,
      {
        method: 'GET',
        path: path + queryOf(turn.request.url),
        body: null,
        headers: 'json',
        ties: tiesOfCall(services, turn),
      },
      new BodyAnswer(turn, neverEmpty),
    );
}

/** The goal of a thread lives at the account that it was set at (codex-wire 2.10 "owner-bound"). */
export function goalRoute(services: CallServices, path: string): RouteHandler {
  return async (turn) => {
    const body = await receiveBody(turn, 'v1');
    const threadId = textOf(parseJsonObject(body)['threadId']);
    if (threadId === undefined) {
      throw new TightropeError('invalid_request_error', { message: 'threadId is required.', param: 'threadId' });
    }
    const ties = tiesOfCall(services, turn);
    ties.bindToOwnerOf('goal', threadId);
    const answer = new BodyAnswer(turn, (reply) => {
      services.continuity.owners.learn(scopeOf(turn), 'goal', threadId, servingAccount(turn));
      return reply;
    });
    await runCall(services, turn, { method: 'POST', path, body, headers: 'json', ties }, answer);
  };
}

interface JsonCall {
  readonly path: string;
  readonly body: Buffer;
  readonly model: unknown;
}

/** Sends a JSON body and answers with the upstream's. */
export async function sendJsonCall(
  services: CallServices,
  turn: HttpTurn,
  { path, body, model }: JsonCall,
): Promise<void> {
  turn.record.model = textOf(model) ?? null;
  const answer = new BodyAnswer(turn, (reply) => {
    const shown = neverEmpty(reply);
    noteUsage(turn, reply.body);
    return shown;
  });
  const ties = tiesOfCall(services, turn);
  await runCall(services, turn, { method: 'POST', path, body, headers: 'json', ties }, answer);
}

/** spec/proxy.md 1.7.5: an answer without a body is none. */
const neverEmpty: ShapeReply = (reply) => {
  if (reply.body.length === 0) throw new TightropeError('upstream_incomplete');
  return reply;
};

/** Tokens for the log, without a parse of the megabytes beside them. */
function noteUsage({ record }: HttpTurn, body: Buffer): void {
  if (body[0] !== OPEN_BRACE) return;
  const top = scanUpstreamObject(body);
  const span = top.span('usage');
  if (span === undefined || top.kind('usage') !== 'object') return;
  const usage = parseUpstreamObject(body.subarray(span.valueStart, span.valueEnd));
  record.inputTokens = tokens(usage['input_tokens']);
  record.outputTokens = tokens(usage['output_tokens']);
  record.totalTokens = tokens(usage['total_tokens']);
}

const OPEN_BRACE = 0x7b;

function tokens(value: unknown): number | null {
  return countOf(value) ?? null;
}
