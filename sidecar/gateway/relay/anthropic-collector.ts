/** Upstream events as one Anthropic message. */
import { TightropeError } from '../../platform/errors';
import { AnthropicAnswer, type AnthropicAnswerOptions } from '../protocol/anthropic-answer';
import { AnthropicMessage } from '../protocol/anthropic-message';
import { OutputFeed } from './output-feed';

export class AnthropicCollector {
  readonly #message: AnthropicMessage;
  readonly #feed: OutputFeed;

  /** @param options `model` is as the client named it. */
  constructor(options: AnthropicAnswerOptions & { readonly model: string }) {
    this.#message = new AnthropicMessage(options.model);
    this.#feed = new OutputFeed(new AnthropicAnswer(this.#message, options));
  }

  /** Whole events. Throws TightropeError `upstream_response_too_large`. */
  push(events: Buffer): void {
    this.#feed.push(events);
  }

  /** Throws TightropeError: what the upstream's terminal event tells, else `upstream_incomplete`. */
  finish(): { readonly status: number; readonly body: Buffer } {
    if (this.#feed.failure !== null) throw this.#feed.failure;
    const message = this.#message.result();
    if (message === null) throw new TightropeError('upstream_incomplete');
    return { status: 200, body: Buffer.from(JSON.stringify(message)) };
  }
}
