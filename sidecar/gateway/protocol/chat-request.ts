/** A `/v1/chat/completions` body as a Responses body, and what its answer must know (proxy.md 3.1, 3.2). */
import { readChatMessages } from './chat-messages';
import { readTextField } from './chat-response-format';
import { readChatTools } from './chat-tools';
import { isRecord, recordOf, textOf, type Json } from './json-record';
import { parseJsonObject } from './parse-json-object';
import { invalidField } from './responses-validation';

export interface ChatRequest {
  /** For the rules of `/v1/responses`, which still strip, map and name what upstream does not know. */
  readonly responsesBody: Buffer;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly stop: readonly string[];
  readonly legacyFunctions: boolean;
}

/**
 * Fields that mean the same in both APIs, camel-case aliases included. Chat clients send options of many providers; what is
 * neither here nor translated says nothing to this upstream and stays behind.
 */
const SHARED = [
  'client_metadata',
  'include',
  'parallel_tool_calls',
  'previous_response_id',
  'prompt_cache_key',
  'promptCacheKey',
  'reasoningEffort',
  'reasoningSummary',
  'service_tier',
  'textVerbosity',
  'verbosity',
] as const;

/** As many as OpenAI's API takes. */
const MOST_STOPS = 4;

/** Throws TightropeError `invalid_json` or `invalid_request_error` with `param`. */
export function readChatRequest(bytes: Buffer): ChatRequest {
  const body = parseJsonObject(bytes);
  const model = textOf(body['model']);
  if (model === undefined || model.trim() === '') throw invalidField('model', '`model` must be a non-empty string.');
  requireOneChoice(body['n']);
  const { instructions, input } = readChatMessages(body['messages']);
  const { tools, choice, legacy } = readChatTools(body);
  const request: Record<string, unknown> = { model };
  for (const key of SHARED) if (body[key] !== undefined) request[key] = body[key];
  request['instructions'] = instructions;
  request['input'] = input;
  request['tools'] = tools;
  request['tool_choice'] = choice;
  request['text'] = readTextField(body);
  request['reasoning'] = reasoning(body);
  // One call at a time is all that `function_call` can tell.
  if (legacy) request['parallel_tool_calls'] = false;
  return {
    // Fields that stayed undefined are left out.
    responsesBody: Buffer.from(JSON.stringify({ ...request, store: false, stream: true })),
    model,
    stream: readStream(body['stream']),
    includeUsage: recordOf(body['stream_options'])['include_usage'] === true,
    stop: readStop(body['stop']),
    legacyFunctions: legacy,
  };
}

function requireOneChoice(n: unknown): void {
  if (n === undefined || n === null || n === 1) return;
  throw invalidField('n', '`n` must be 1: this upstream gives one answer to a request.');
}

function readStream(stream: unknown): boolean {
  if (stream === undefined || stream === null) return false;
  if (typeof stream !== 'boolean') throw invalidField('stream', '`stream` must be a boolean.');
  return stream;
}

function readStop(stop: unknown): readonly string[] {
  const list: unknown = stop === undefined || stop === null ? [] : typeof stop === 'string' ? [stop] : stop;
  if (
    !Array.isArray(list) ||
    list.length > MOST_STOPS ||
    !list.every((one): one is string => typeof one === 'string')
  ) {
    throw invalidField('stop', `\`stop\` must be a string or an array of at most ${MOST_STOPS} strings.`);
  }
  return list.filter((one) => one !== '');
}

/** An effort inside `reasoning` beats chat's own spelling. */
function reasoning(body: Json): unknown {
  const given = body['reasoning'] ?? undefined;
  const effort = body['reasoning_effort'] ?? undefined;
  if (given !== undefined && !isRecord(given)) throw invalidField('reasoning', '`reasoning` must be an object.');
  if (effort === undefined) return given;
  if (typeof effort !== 'string') throw invalidField('reasoning_effort', '`reasoning_effort` must be a string.');
  return given?.['effort'] === undefined ? { ...given, effort } : given;
}
