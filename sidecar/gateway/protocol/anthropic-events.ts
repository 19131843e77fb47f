/** Writes an Anthropic message as server-sent events (Anthropic API reference, "Streaming messages"). */
import { anthropicUsage, messageId, type AnthropicEnding, type AnthropicWriter } from './anthropic-answer';
import type { Json } from './json-record';
import type { ResponseFacts } from './output-sink';

/** One event in its frame. */
export function anthropicEvent(data: Json & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

export class AnthropicEvents implements AnthropicWriter {
  readonly #model: string;
  #id = messageId(null);
  #isStarted = false;
  #text = '';

  /** @param model as the client named it. */
  constructor(model: string) {
    this.#model = model;
  }

  /** What has been written since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  /** Nothing is written before the first block, so that until then another account can take over. */
  started({ id }: ResponseFacts): void {
    this.#id = messageId(id);
  }

  blockStart(index: number, block: Json): void {
    this.#start();
    this.#text += anthropicEvent({ type: 'content_block_start', index, content_block: block });
  }

  blockDelta(index: number, delta: Json): void {
    this.#text += anthropicEvent({ type: 'content_block_delta', index, delta });
  }

  blockStop(index: number): void {
    this.#text += anthropicEvent({ type: 'content_block_stop', index });
  }

  ended({ stopReason, stopSequence, usage }: AnthropicEnding): void {
    this.#start();
    const delta = { stop_reason: stopReason, stop_sequence: stopSequence };
    this.#text += anthropicEvent({ type: 'message_delta', delta, usage });
    this.#text += anthropicEvent({ type: 'message_stop' });
  }

  #start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const message = {
      id: this.#id,
      type: 'message',
      role: 'assistant',
      model: this.#model,
      content: [],
      stop_reason: null,
      stop_sequence: null,
      // Upstream counts at the end; `message_delta` corrects these.
      usage: anthropicUsage({}),
    };
    this.#text += anthropicEvent({ type: 'message_start', message });
  }
}
