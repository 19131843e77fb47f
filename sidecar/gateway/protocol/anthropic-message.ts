/** Puts the blocks of an Anthropic message together to one object. */
import { TightropeError } from '../../platform/errors';
import { messageId, type AnthropicEnding, type AnthropicWriter } from './anthropic-answer';
import { isRecord, type Json } from './json-record';
import type { ResponseFacts } from './output-sink';

interface Block {
  readonly opened: Json;
  text: string;
  thinking: string;
  signature: string;
  input: string;
  isWhole: boolean;
}

const PIECES = [
  ['text', 'text'],
  ['thinking', 'thinking'],
  ['signature', 'signature'],
  ['partial_json', 'input'],
] as const;

export class AnthropicMessage implements AnthropicWriter {
  readonly #model: string;
  readonly #blocks: Block[] = [];
  #id = messageId(null);
  #ending: AnthropicEnding | null = null;

  /** @param model as the client named it. */
  constructor(model: string) {
    this.#model = model;
  }

  started({ id }: ResponseFacts): void {
    this.#id = messageId(id);
  }

  blockStart(index: number, block: Json): void {
    this.#blocks[index] = { opened: block, text: '', thinking: '', signature: '', input: '', isWhole: false };
  }

  blockDelta(index: number, delta: Json): void {
    const block = this.#blocks[index];
    if (block === undefined) return;
    for (const [from, to] of PIECES) {
      const piece = delta[from];
      if (typeof piece === 'string') block[to] += piece;
    }
  }

  blockStop(index: number): void {
    const block = this.#blocks[index];
    if (block !== undefined) block.isWhole = true;
  }

  ended(ending: AnthropicEnding): void {
    this.#ending = ending;
  }

  /** The object; `null` while it is not complete. Throws `upstream_error` for a call whose input is no JSON. */
  result(): Json | null {
    const ending = this.#ending;
    if (ending === null) return null;
    return {
      id: this.#id,
      type: 'message',
      role: 'assistant',
      model: this.#model,
      content: this.#blocks.flatMap((block) => content(block, ending)),
      stop_reason: ending.stopReason,
      stop_sequence: ending.stopSequence,
      usage: ending.usage,
    };
  }
}

function content({ opened, text, thinking, signature, input }: Block, { stopReason }: AnthropicEnding): Json[] {
  switch (opened['type']) {
    case 'text':
      return [{ ...opened, text }];
    case 'thinking':
      return [{ ...opened, thinking, signature }];
    case 'tool_use': {
      const parsed = parseInput(input);
      if (parsed !== null) return [{ ...opened, input: parsed }];
      // Of a call that the token limit cut there is nothing to run.
      if (stopReason !== 'tool_use') return [];
      throw new TightropeError('upstream_error', {
        message: 'The upstream sent a tool call whose input is no JSON object.',
      });
    }
    default:
      return [opened];
  }
}

function parseInput(input: string): Json | null {
  if (input.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(input);
    return isRecord(value) ? value : null;
  } catch {
    return null; // The caller knows whether that is an error.
  }
}
