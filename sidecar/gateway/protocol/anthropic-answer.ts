/** What an Anthropic message says, block by block: the same for a stream and for a whole message. */
import { AnthropicBlocks, type BlockWriter } from './anthropic-blocks';
import { countOf, recordOf, type Json } from './json-record';
import type { CallFacts, FinalFacts, OutputSink, ResponseFacts } from './output-sink';
import { StopSequences } from './stop-sequences';
import { sealThinking } from './thinking-seal';

export interface AnthropicEnding {
  readonly stopReason: 'end_turn' | 'max_tokens' | 'refusal' | 'stop_sequence' | 'tool_use';
  readonly stopSequence: string | null;
  readonly usage: Json;
}

export interface AnthropicWriter extends BlockWriter {
  started(facts: ResponseFacts): void;
  ended(ending: AnthropicEnding): void;
}

export interface AnthropicAnswerOptions {
  readonly stop: readonly string[];
  /** Without it reasoning is not told at all. */
  readonly thinking: boolean;
}

const TEXT: Json = { type: 'text', text: '' };
const THINKING: Json = { type: 'thinking', thinking: '', signature: '' };

export class AnthropicAnswer implements OutputSink {
  readonly #writer: AnthropicWriter;
  readonly #blocks: AnthropicBlocks;
  readonly #stop: StopSequences;
  readonly #thinking: boolean;
  /** The item whose text may end in the beginning of a stop sequence. */
  #textItem: number | null = null;
  #hasCall = false;
  #refused = false;

  constructor(writer: AnthropicWriter, options: AnthropicAnswerOptions) {
    this.#writer = writer;
    this.#blocks = new AnthropicBlocks(writer);
    this.#stop = new StopSequences(options.stop);
    this.#thinking = options.thinking;
  }

  started(facts: ResponseFacts): void {
    this.#writer.started(facts);
  }

  text(item: number, piece: string): void {
    if (this.#stop.hit !== null) return;
    this.#textItem = item;
    this.#text(item, this.#stop.push(piece));
  }

  /** Anthropic has no block for it: it is text, and the stop reason says what it was. */
  refusal(item: number, piece: string): void {
    this.#refused = true;
    if (this.#stop.hit === null) this.#text(item, piece);
  }

  annotation(): void {
    // Their places are counted in characters of another text than a citation's; the URLs are in the text as well.
  }

  reasoning(item: number, piece: string): void {
    if (!this.#thinking || this.#stop.hit !== null) return;
    this.#blocks.say(item, { opens: THINKING, delta: { type: 'thinking_delta', thinking: piece } });
  }

  reasoningSealed(item: number, id: string | null, ciphertext: string): void {
    if (!this.#thinking || this.#stop.hit !== null) return;
    const signature = sealThinking(id, ciphertext);
    // Reasoning without a readable word still has to come back.
    if (this.#blocks.has(item))
      this.#blocks.say(item, { opens: THINKING, delta: { type: 'signature_delta', signature } });
    else this.#blocks.say(item, { opens: { type: 'redacted_thinking', data: signature }, delta: null });
  }

  callStarted(call: CallFacts): void {
    if (this.#stop.hit !== null) return;
    this.#hasCall = true;
    this.#blocks.say(call.item, { opens: toolUse(call), delta: null });
  }

  callInput(call: CallFacts, piece: string): void {
    if (this.#stop.hit !== null) return;
    this.#blocks.say(call.item, { opens: toolUse(call), delta: { type: 'input_json_delta', partial_json: piece } });
  }

  itemDone(item: number): void {
    if (this.#textItem === item) this.#text(item, this.#stop.flush());
    this.#blocks.done(item);
  }

  finished(facts: FinalFacts): void {
    this.#writer.ended({
      stopReason: this.#stopReason(facts),
      stopSequence: this.#stop.hit,
      usage: anthropicUsage(facts.usage),
    });
  }

  #text(item: number, text: string): void {
    if (text !== '') this.#blocks.say(item, { opens: TEXT, delta: { type: 'text_delta', text } });
  }

  #stopReason({ incomplete, cutInCall }: FinalFacts): AnthropicEnding['stopReason'] {
    if (this.#stop.hit !== null) return 'stop_sequence';
    if (this.#hasCall && !cutInCall) return 'tool_use';
    if (this.#refused || incomplete === 'content_filter') return 'refusal';
    return incomplete === null ? 'end_turn' : 'max_tokens';
  }
}

function toolUse({ callId, name }: CallFacts): Json {
  return { type: 'tool_use', id: callId, name, input: {} };
}

/** Anthropic counts cached tokens beside the input, upstream inside it. */
export function anthropicUsage(usage: Json): Json {
  const cached = countOf(recordOf(usage['input_tokens_details'])['cached_tokens']) ?? 0;
  return {
    input_tokens: Math.max(0, (countOf(usage['input_tokens']) ?? 0) - cached),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: countOf(usage['output_tokens']) ?? 0,
  };
}

/** The message id a client sees: the upstream's own under Anthropic's prefix. */
export function messageId(id: string | null): string {
  return `msg_${(id ?? 'unnamed').replace(/^resp_/, '')}`;
}
