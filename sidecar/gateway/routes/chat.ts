/** `POST /v1/chat/completions`: the chat API translated to Responses and back. */
import { readChatRequest, type ChatRequest } from '../protocol/chat-request';
import { ChatCollector } from '../relay/chat-collector';
import { ChatDialect } from '../relay/chat-dialect';
import { JsonAnswer } from '../turn/json-answer';
import { prepareTranslated, receiveBody, runGeneration, streamAnswer, type GenerationServices } from './generation';
import type { RouteHandler } from './router';

export function chatRoute(services: GenerationServices): RouteHandler {
  return async (turn) => {
    const { request, prepared } = prepareTranslated(services, turn, await receiveBody(turn, 'v1'), readChatRequest);
    const options = answerOptions(services, request);
    turn.record.stream = request.stream;
    const answer = request.stream
      ? streamAnswer(services, turn, new ChatDialect(options))
      : new JsonAnswer(turn, () => new ChatCollector(options));
    await runGeneration(services, turn, prepared, answer);
  };
}

function answerOptions(
  { now }: GenerationServices,
  request: ChatRequest,
): ConstructorParameters<typeof ChatDialect>[0] {
  const { model, includeUsage, stop, legacyFunctions } = request;
  return { model, includeUsage, stop, legacyFunctions, created: Math.floor(now() / 1000) };
}
