/** Writes chat deltas as server-sent chunks. */
import { chatId, type ChatDelta, type ChatEnding, type ChatWriter } from './chat-answer';
import type { ResponseFacts } from './output-sink';

export interface ChatChunksOptions {
  /** As the client named it; the upstream's own name wins. */
  readonly model: string;
  /** `stream_options.include_usage`. */
  readonly includeUsage: boolean;
  /** UTC seconds. */
  readonly created: number;
}

/** The end of a chat stream (OpenAI API reference). */
export const CHAT_DONE = 'data: [DONE]\n\n';

export class ChatChunks implements ChatWriter {
  readonly #options: ChatChunksOptions;
  readonly #tail: string;
  #head = '';
  #text = '';
  #hasRole = false;

  constructor(options: ChatChunksOptions) {
    this.#options = options;
    this.#tail = options.includeUsage ? ',"finish_reason":null}],"usage":null}\n\n' : ',"finish_reason":null}]}\n\n';
    this.started({ id: null, model: null });
  }

  /** What has been written since the last call. */
  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }

  started({ id, model }: ResponseFacts): void {
    const base = {
      id: chatId(id),
      object: 'chat.completion.chunk',
      created: this.#options.created,
      model: model ?? this.#options.model,
    };
    this.#head = `data: ${JSON.stringify(base).slice(0, -1)}`;
  }

  /** Once per piece of text: the parts of the chunk that never change are not written anew. */
  delta(delta: ChatDelta): void {
    this.#role();
    // A delta says one thing, and nearly always it is this one.
    const json = delta.content === undefined ? JSON.stringify(delta) : `{"content":${JSON.stringify(delta.content)}}`;
    this.#text += `${this.#head},"choices":[{"index":0,"delta":${json},"logprobs":null${this.#tail}`;
  }

  ended({ reason, usage, serviceTier }: ChatEnding): void {
    this.#role();
    const tier = serviceTier === null ? '' : `,"service_tier":${JSON.stringify(serviceTier)}`;
    const none = this.#options.includeUsage ? ',"usage":null' : '';
    this.#text += `${this.#head}${tier},"choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reason}"}]${none}}\n\n`;
    if (this.#options.includeUsage && usage !== null) {
      this.#text += `${this.#head}${tier},"choices":[],"usage":${JSON.stringify(usage)}}\n\n`;
    }
    this.#text += CHAT_DONE;
  }

  #role(): void {
    if (this.#hasRole) return;
    this.#hasRole = true;
    this.#text += `${this.#head},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null${this.#tail}`;
  }
}
