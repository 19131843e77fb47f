/** Which API's error envelope a client understands, known before its route is: 404, 405 and the door answer in it too. */
import type { IncomingMessage } from 'node:http';
import { openAiEnvelope } from '../../platform/errors';
import { anthropicErrorBody } from '../protocol/anthropic-error';
import type { ErrorBody } from '../turn/respond';

const MESSAGES = '/v1/messages';

export function errorBodyFor(request: IncomingMessage, requestId: string): ErrorBody {
  return speaksAnthropic(request) ? (error) => anthropicErrorBody(error, requestId) : openAiEnvelope;
}

/** Clients of Anthropic's API name its version on every call; its own paths are told by themselves. */
export function speaksAnthropic({ url = '/', headers }: Pick<IncomingMessage, 'url' | 'headers'>): boolean {
  return url.startsWith(MESSAGES) || headers['anthropic-version'] !== undefined;
}
