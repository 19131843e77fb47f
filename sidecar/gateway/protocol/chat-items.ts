/**
 * Brings chat-style input items into the form upstream takes (proxy.md 2.5). Items that are already right keep their bytes;
 * the others are parsed, rewritten and serialised one by one.
 */
import { TightropeError } from '../../platform/errors';
import { invalidField } from './responses-validation';

type Json = Readonly<Record<string, unknown>>;

/** Keys other providers' clients replay and upstream does not know (proxy.md 2.5 step 1). */
export const FOREIGN_KEYS = ['reasoning_content', 'reasoning_details', 'tool_calls', 'function_call'] as const;
/** Content parts that are dropped whole (proxy.md 2.5 step 2). */
export const FOREIGN_PARTS: ReadonlySet<string> = new Set(['reasoning', 'reasoning_content', 'reasoning_details']);
/** Chat part types that have another name in Responses. */
export const CHAT_PARTS: ReadonlySet<string> = new Set(['text', 'image_url', 'file']);

/** Part type of text by role; `undefined` for roles whose content is left alone. */
export function textTypeOf(role: string | undefined): 'input_text' | 'output_text' | undefined {
  if (role === 'assistant') return 'output_text';
  return role === 'user' || role === 'developer' || role === 'system' ? 'input_text' : undefined;
}

/** The items that stand for one item of the client; `index` is its place in `input`. Throws `invalid_request_error`. */
export function normaliseItem(item: Json, index: number): Json[] {
  const isMessage = item['type'] === undefined || item['type'] === 'message';
  const role = typeof item['role'] === 'string' ? item['role'] : undefined;
  if (isMessage && role === 'tool') return [toolOutput(item, index)];
  const clean = withoutKeys(item, FOREIGN_KEYS);
  if (!isMessage) return [clean];
  const message = withContent(clean, textTypeOf(role));
  const calls = role === 'assistant' ? callItems(item['tool_calls'], index) : [];
  if (calls.length > 0 && isEmptyContent(message['content'])) return calls;
  // Upstream answers 400 "System messages are not allowed" and takes the same item as `developer`
  // (reports of 2026: james-6-23/codex2api#409, zyycn/codex-proxy-rs#172).
  return [role === 'system' ? { ...message, role: 'developer' } : message, ...calls];
}

function withoutKeys(value: Json, keys: readonly string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function isEmptyContent(content: unknown): boolean {
  return (
    content === undefined || content === null || content === '' || (Array.isArray(content) && content.length === 0)
  );
}

function withContent(item: Json, textType: 'input_text' | 'output_text' | undefined): Json {
  const content = item['content'];
  if (textType === undefined) return item;
  if (typeof content === 'string') return { ...item, content: [{ type: textType, text: content }] };
  if (!isRecord(content) && !Array.isArray(content)) return item;
  const parts: unknown[] = Array.isArray(content) ? content : [content];
  return { ...item, content: parts.flatMap((part) => normalisePart(part, textType)) };
}

/** One content part as zero or one parts. */
function normalisePart(part: unknown, textType: string): unknown[] {
  if (typeof part === 'string') return [{ type: textType, text: part }];
  if (!isRecord(part)) return [part];
  const type = part['type'];
  if (typeof type === 'string' && FOREIGN_PARTS.has(type)) return [];
  const isText = type === undefined || type === 'text' || type === 'input_text' || type === 'output_text';
  if (isText && typeof part['text'] === 'string') {
    return [type === textType ? withoutKeys(part, FOREIGN_KEYS) : { type: textType, text: part['text'] }];
  }
  if (type === 'image_url') return [imagePart(part)];
  if (type === 'file' && isRecord(part['file'])) return [{ type: 'input_file', ...part['file'] }];
  return [withoutKeys(part, FOREIGN_KEYS)];
}

function imagePart(part: Json): Json {
  const image = part['image_url'];
  const url = isRecord(image) ? image['url'] : image;
  if (typeof url === 'string' && !/^(?:data:|https?:)/i.test(url.trimStart())) {
    throw new TightropeError('unsupported_input_image_format', { param: 'input' });
  }
  const detail = isRecord(image) && typeof image['detail'] === 'string' ? { detail: image['detail'] } : {};
  return { type: 'input_image', image_url: url, ...detail };
}

function toolOutput(item: Json, index: number): Json {
  const callId = [item['tool_call_id'], item['toolCallId'], item['call_id']].find(
    (id): id is string => typeof id === 'string' && id !== '',
  );
  if (callId === undefined) {
    throw invalidField('input', `\`input[${index}]\` has role "tool" and needs a \`tool_call_id\`.`);
  }
  const value = item['output'] ?? item['content'] ?? '';
  return { type: 'function_call_output', call_id: callId, output: outputValue(value) };
}

/** Text stays text, lists stay lists with their text parts renamed, anything else becomes its JSON text. */
function outputValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.flatMap((part) => normalisePart(part, 'input_text')) : JSON.stringify(value);
}

function callItems(toolCalls: unknown, index: number): Json[] {
  if (toolCalls === undefined || toolCalls === null) return [];
  if (!Array.isArray(toolCalls)) throw invalidField('input', `\`input[${index}].tool_calls\` must be an array.`);
  return toolCalls.map((call: unknown) => callItem(call, `input[${index}].tool_calls`));
}

function callItem(call: unknown, path: string): Json {
  const id = isRecord(call) ? call['id'] : undefined;
  const custom = isRecord(call) && isRecord(call['custom']) ? call['custom'] : undefined;
  const target = custom ?? (isRecord(call) ? call['function'] : undefined);
  const name = isRecord(target) ? target['name'] : undefined;
  if (!isRecord(target) || typeof id !== 'string' || id === '' || typeof name !== 'string' || name === '') {
    throw invalidField('input', `Each of \`${path}\` needs an \`id\` and a \`function.name\`.`);
  }
  if (custom !== undefined) return { type: 'custom_tool_call', call_id: id, name, input: asText(custom['input']) };
  return { type: 'function_call', call_id: id, name, arguments: asText(target['arguments']) };
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
