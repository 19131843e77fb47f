/** Upstream events as the chunks of a chat stream (proxy.md 3.4). */
import { openAiEnvelope, type WireError } from '../../platform/errors';
import { ChatAnswer, type ChatAnswerOptions } from '../protocol/chat-answer';
import { CHAT_DONE, ChatChunks, type ChatChunksOptions } from '../protocol/chat-chunks';
import { OutputFeed } from './output-feed';
import type { StreamDialect } from './stream-dialect';

/** Chat has no event of its own for this; comments are part of the format. */
const KEEPALIVE = Buffer.from(': keepalive\n\n');

export class ChatDialect implements StreamDialect {
  readonly keepalive = KEEPALIVE;
  readonly #options: ChatAnswerOptions & ChatChunksOptions;
  #chunks: ChatChunks;
  #feed: OutputFeed;

  constructor(options: ChatAnswerOptions & ChatChunksOptions) {
    this.#options = options;
    this.#chunks = new ChatChunks(options);
    this.#feed = new OutputFeed(new ChatAnswer(this.#chunks, options));
  }

  get failure(): WireError | null {
    return this.#feed.failure;
  }

  restart(): void {
    this.#chunks = new ChatChunks(this.#options);
    this.#feed = new OutputFeed(new ChatAnswer(this.#chunks, this.#options));
  }

  translate(events: Buffer): Buffer {
    this.#feed.push(events);
    return Buffer.from(this.#chunks.take());
  }

  failed(error: WireError): Buffer {
    return Buffer.from(`data: ${JSON.stringify(openAiEnvelope(error))}\n\n${CHAT_DONE}`);
  }
}
