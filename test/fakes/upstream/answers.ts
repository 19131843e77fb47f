/** Whole event sequences: a text answer, a tool call, a compaction. */
import {
  freshCiphertext,
  freshId,
  itemAdded,
  itemDone,
  numbered,
  responseCompleted,
  responseCreated,
  responseInProgress,
  STANDARD_USAGE,
  textDelta,
  type FakeEvent,
  type FakeUsage,
} from './events';

export interface AnswerOptions {
  readonly id?: string;
  readonly model?: string;
  readonly usage?: FakeUsage;
  /** Puts a reasoning item with fresh ciphertext in front; default false. */
  readonly reasoning?: boolean;
}

interface Outline {
  readonly facts: { readonly id: string; readonly model: string };
  readonly usage: FakeUsage;
  readonly opening: FakeEvent[];
  readonly reasoning: readonly Readonly<Record<string, unknown>>[];
}

function outline(options: AnswerOptions): Outline {
  const facts = { id: options.id ?? freshId('resp'), model: options.model ?? 'gpt-5.5' };
  const opening = [responseCreated(facts), responseInProgress(facts)];
  const reasoning =
    options.reasoning === true
      ? [{ type: 'reasoning', id: freshId('rs'), summary: [], encrypted_content: freshCiphertext() }]
      : [];
  for (const [index, item] of reasoning.entries()) opening.push(itemAdded(index, item), itemDone(index, item));
  return { facts, usage: options.usage ?? STANDARD_USAGE, opening, reasoning };
}

/** A message told in the given pieces, one `output_text.delta` each. */
export function textAnswer(
  pieces: readonly string[] = ['Hello', ' from', ' upstream'],
  options: AnswerOptions = {},
): FakeEvent[] {
  const { facts, usage, opening, reasoning } = outline(options);
  const at = reasoning.length;
  const id = freshId('msg');
  const text = pieces.join('');
  const part = { type: 'output_text', text, annotations: [] };
  const message = { type: 'message', id, status: 'completed', role: 'assistant', content: [part] };
  const place = { item_id: id, output_index: at, content_index: 0 };
  return numbered([
    ...opening,
    itemAdded(at, { ...message, status: 'in_progress', content: [] }),
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...pieces.map((piece) => textDelta(id, at, piece)),
    { type: 'response.output_text.done', ...place, text },
    { type: 'response.content_part.done', ...place, part },
    itemDone(at, message),
    responseCompleted(facts, usage, [...reasoning, message]),
  ]);
}

/** What a prewarm is answered with: an id to anchor on and no output. */
export function prewarmAnswer(options: AnswerOptions = {}): FakeEvent[] {
  const { facts, usage } = outline(options);
  return numbered([responseCreated(facts), responseCompleted(facts, usage, [])]);
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly callId: string;
}

/** One function call in the shape that Codex 0.169 runs (codex-observed "Items added by the second request"). */
export function toolCallAnswer(call: ToolCall, options: AnswerOptions = {}): FakeEvent[] {
  const { facts, usage, opening, reasoning } = outline(options);
  const at = reasoning.length;
  const text = JSON.stringify(call.arguments);
  const item = {
    type: 'function_call',
    status: 'completed',
    id: freshId('fc'),
    name: call.name,
    arguments: text,
    call_id: call.callId,
  };
  const place = { item_id: item.id, output_index: at };
  return numbered([
    ...opening,
    itemAdded(at, { ...item, status: 'in_progress', arguments: '' }),
    { type: 'response.function_call_arguments.delta', ...place, delta: text },
    { type: 'response.function_call_arguments.done', ...place, arguments: text },
    itemDone(at, item),
    responseCompleted(facts, usage, [...reasoning, item]),
  ]);
}

/** Remote compaction v2: one `compaction` item (codex-wire 2.7). */
export function compactionAnswer(options: AnswerOptions = {}): FakeEvent[] {
  const { facts, usage, opening } = outline({ ...options, reasoning: false });
  const item = { type: 'compaction', id: freshId('cmp'), encrypted_content: freshCiphertext() };
  return numbered([...opening, itemAdded(0, item), itemDone(0, item), responseCompleted(facts, usage, [item])]);
}
