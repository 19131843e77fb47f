/** A `/v1/messages` body as a Responses body, and what its answer must know. */
import { createHash } from 'node:crypto';
import { readMessages, readSystem } from './anthropic-messages';
import { readAnthropicTools } from './anthropic-tools';
import { countOf, isRecord, recordOf, textOf, type Json } from './json-record';
import type { ServedModel } from './model-names';
import { parseJsonObject } from './parse-json-object';
import { invalidField } from './responses-validation';

export interface AnthropicRequest {
  /** For the rules of `/v1/responses`. */
  readonly responsesBody: Buffer;
  /** As the client named it. */
  readonly model: string;
  readonly stream: boolean;
  readonly stop: readonly string[];
  /** The client wants to see reasoning, and returns it. */
  readonly thinking: boolean;
}

/** Thinking budgets up to so many tokens, and the effort that comes nearest. */
const EFFORT_BY_BUDGET: readonly (readonly [upTo: number, effort: string])[] = [
  [4_096, 'low'],
  [16_384, 'medium'],
  [Infinity, 'high'],
];

/** Throws TightropeError `invalid_json` or `invalid_request_error` with `param`. */
export function readAnthropicRequest(bytes: Buffer, serve: (model: string) => ServedModel): AnthropicRequest {
  const body = parseJsonObject(bytes);
  if (countOf(body['max_tokens']) === undefined) {
    throw invalidField('max_tokens', 'max_tokens: must be a positive integer.');
  }
  const stream = body['stream'] ?? false;
  if (typeof stream !== 'boolean') throw invalidField('stream', 'stream: must be a boolean.');
  const { model, request, thinking } = translate(body, serve);
  return {
    responsesBody: Buffer.from(JSON.stringify(request)),
    model,
    stream,
    stop: readStop(body['stop_sequences']),
    thinking,
  };
}

/** The Responses body that a `count_tokens` body stands for. Throws as `readAnthropicRequest`. */
export function readCountRequest(bytes: Buffer, serve: (model: string) => ServedModel): Json {
  return translate(parseJsonObject(bytes), serve).request;
}

function translate(
  body: Json,
  serve: (model: string) => ServedModel,
): { readonly model: string; readonly request: Json; readonly thinking: boolean } {
  const model = textOf(body['model']);
  if (model === undefined) throw invalidField('model', 'model: must be a non-empty string.');
  const served = serve(model);
  const { tools, choice, parallel } = readAnthropicTools(body);
  const thinking = wantsThinking(body['thinking']);
  const effort = readEffort(body) ?? served.effort;
  // Fields that stay undefined are left out of the JSON.
  const request = {
    model: served.model,
    instructions: readSystem(body['system']),
    input: readMessages(body['messages']),
    tools,
    tool_choice: choice,
    parallel_tool_calls: parallel,
    reasoning: effort === undefined && !thinking ? undefined : { effort, summary: thinking ? 'auto' : undefined },
    include: thinking ? ['reasoning.encrypted_content'] : undefined,
    text: readFormat(body),
    prompt_cache_key: cacheKey(recordOf(body['metadata'])['user_id']),
    store: false,
    stream: true,
  };
  return { model, request, thinking };
}

function wantsThinking(thinking: unknown): boolean {
  if (thinking === undefined || thinking === null) return false;
  const type = recordOf(thinking)['type'];
  if (type === 'enabled' || type === 'adaptive') return true;
  if (type === 'disabled') return false;
  throw invalidField('thinking', 'thinking.type: must be enabled, adaptive or disabled.');
}

function readEffort(body: Json): string | undefined {
  const wanted = textOf(recordOf(body['output_config'])['effort']);
  if (wanted !== undefined) return wanted;
  const budget = countOf(recordOf(body['thinking'])['budget_tokens']);
  return budget === undefined ? undefined : EFFORT_BY_BUDGET.find(([upTo]) => budget <= upTo)?.[1];
}

/** `output_config.format`, or its older place `output_format`. */
function readFormat(body: Json): Json | undefined {
  const format = recordOf(body['output_config'])['format'] ?? body['output_format'];
  if (!isRecord(format) || format['type'] !== 'json_schema') return undefined;
  if (!isRecord(format['schema']))
    throw invalidField('output_config', 'output_config.format.schema: must be an object.');
  return { format: { type: 'json_schema', name: 'response', schema: format['schema'], strict: true } };
}

/** One key per user and session, as Claude Code puts both in; hashed, as the text names people and is too long. */
function cacheKey(userId: unknown): string | undefined {
  const text = textOf(userId);
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function readStop(stop: unknown): readonly string[] {
  const list: unknown = stop ?? [];
  if (!Array.isArray(list) || !list.every((one): one is string => typeof one === 'string')) {
    throw invalidField('stop_sequences', 'stop_sequences: must be an array of strings.');
  }
  return list.filter((one) => one !== '');
}
