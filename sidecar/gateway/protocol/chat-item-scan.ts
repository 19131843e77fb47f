/** Finds, without parsing, the input items that `normaliseItem` has to rewrite, and splices the rewritten ones in. */
import { CHAT_PARTS, FOREIGN_KEYS, FOREIGN_PARTS, normaliseItem, textTypeOf } from './chat-items';
import type { Patch } from './edits';
import { invalidJson } from './json-walk';
import { itemsHolding, needle } from './item-search';
import type { RequestDraft } from './request-draft';
import { kindAt, scanArrayItems, scanObjectAt } from './top-level';
import type { Span, TopLevel } from './top-level';

/** Only items with a role are chat messages; calls, outputs and reasoning, the bulk of a history, are never looked into. */
const ROLE = needle('"role"', '"role"');

/** Rewrites the chat-style items of `input`; true when there were any. Throws `invalid_request_error`. */
export function normaliseChatItems(draft: RequestDraft): boolean {
  const patches = itemsHolding(draft, ROLE).flatMap(({ item, index }): Patch[] => {
    if (!needsRewrite(draft.body, item)) return [];
    const json = normaliseItem(parseObject(draft.body, item), index).map((one) => JSON.stringify(one));
    return [{ start: item.start, end: item.end, bytes: Buffer.from(json.join(',')) }];
  });
  draft.splice(patches);
  return patches.length > 0;
}

function parseObject(body: Buffer, item: TopLevel): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body.toString('utf8', item.start, item.end)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw invalidJson(item.start, 'an input item holds a bad escape or a raw control character', error);
  }
}

function needsRewrite(body: Buffer, item: TopLevel): boolean {
  const type = item.string('type');
  const role = item.string('role');
  if (role !== undefined && FOREIGN_KEYS.some((key) => item.has(key))) return true;
  if ((type !== undefined && type !== 'message') || role === undefined) return false;
  if (role === 'tool' || role === 'system') return true;
  const textType = textTypeOf(role);
  const content = item.span('content');
  if (textType === undefined || content === undefined) return false;
  const kind = item.kind('content');
  if (kind !== 'array') return kind === 'string' || kind === 'object';
  return scanArrayItems(body, content).some((part) => partNeedsRewrite(body, part, textType));
}

function partNeedsRewrite(body: Buffer, span: Span, textType: string): boolean {
  const kind = kindAt(body, span.valueStart);
  if (kind !== 'object') return kind === 'string';
  const part = scanObjectAt(body, span.valueStart, span.valueEnd);
  if (FOREIGN_KEYS.some((key) => part.has(key))) return true;
  const type = part.string('type');
  if (type === undefined) return part.kind('text') === 'string';
  if (type === 'input_text' || type === 'output_text') return type !== textType && part.kind('text') === 'string';
  return CHAT_PARTS.has(type) || FOREIGN_PARTS.has(type);
}
