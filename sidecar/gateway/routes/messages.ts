/** `POST /v1/messages` and `POST /v1/messages/count_tokens`: Anthropic's API on the same pool. */
import { readAnthropicRequest, readCountRequest } from '../protocol/anthropic-request';
import type { ModelNames } from '../protocol/model-names';
import { estimateTokens } from '../protocol/token-estimate';
import { AnthropicCollector } from '../relay/anthropic-collector';
import { AnthropicDialect } from '../relay/anthropic-dialect';
import { JsonAnswer } from '../turn/json-answer';
import { respondJson } from '../turn/respond';
import type { ModelSource } from '../ports';
import { prepareTranslated, receiveBody, runGeneration, streamAnswer, type GenerationServices } from './generation';
import type { RouteHandler } from './router';

export function messagesRoute(services: GenerationServices, models: ModelSource): RouteHandler {
  const { names } = services;
  return async (turn) => {
    const sent = await receiveBody(turn, 'v1');
    // A Claude name is served by a model of the catalogue, so there has to be one; it is held for minutes.
    await models.catalogue(undefined, turn.cancel.signal);
    const { request, prepared } = prepareTranslated(services, turn, sent, (body) =>
      readAnthropicRequest(body, (model) => names.forAnthropic(model)),
    );
    const { model, stop, thinking, stream } = request;
    turn.record.stream = stream;
    const answer = stream
      ? streamAnswer(services, turn, new AnthropicDialect({ model, stop, thinking, errorBody: turn.errorBody }))
      : new JsonAnswer(turn, () => new AnthropicCollector({ model, stop, thinking }));
    await runGeneration(services, turn, prepared, answer);
  };
}

/** An estimate: this upstream counts only what it serves. Nothing is sent upstream for it. */
export function countTokensRoute(names: ModelNames): RouteHandler {
  return async (turn) => {
    const sent = await receiveBody(turn, 'v1');
    const { instructions, input, tools } = readCountRequest(sent, (model) => names.forAnthropic(model));
    const body = JSON.stringify({ input_tokens: estimateTokens([instructions, input, tools]) });
    respondJson(turn.response, 200, turn.headers, body);
    turn.answered(200);
  };
}
