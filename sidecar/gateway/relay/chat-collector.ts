/** Upstream events as one `chat.completion` (proxy.md 3.3). */
import { TightropeError } from '../../platform/errors';
import { ChatAnswer, type ChatAnswerOptions } from '../protocol/chat-answer';
import { ChatCompletion, type ChatCompletionOptions } from '../protocol/chat-completion';
import { OutputFeed } from './output-feed';

export class ChatCollector {
  readonly #completion: ChatCompletion;
  readonly #feed: OutputFeed;

  constructor(options: ChatAnswerOptions & ChatCompletionOptions) {
    this.#completion = new ChatCompletion(options);
    this.#feed = new OutputFeed(new ChatAnswer(this.#completion, options));
  }

  /** Whole events. Throws TightropeError `upstream_response_too_large`. */
  push(events: Buffer): void {
    this.#feed.push(events);
  }

  /** Throws TightropeError: what the upstream's terminal event tells, else `upstream_incomplete`. */
  finish(): { readonly status: number; readonly body: Buffer } {
    if (this.#feed.failure !== null) throw this.#feed.failure;
    const completion = this.#completion.result();
    if (completion === null) throw new TightropeError('upstream_incomplete');
    return { status: 200, body: Buffer.from(JSON.stringify(completion)) };
  }
}
