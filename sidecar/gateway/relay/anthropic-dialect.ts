/** Upstream events as the events of an Anthropic message stream. */
import type { WireError } from '../../platform/errors';
import { AnthropicAnswer, type AnthropicAnswerOptions } from '../protocol/anthropic-answer';
import { AnthropicEvents } from '../protocol/anthropic-events';
import { OutputFeed } from './output-feed';
import type { StreamDialect } from './stream-dialect';

export interface AnthropicDialectOptions extends AnthropicAnswerOptions {
  /** As the client named it. */
  readonly model: string;
  /** The error envelope of this request. */
  readonly errorBody: (error: WireError) => object;
}

const PING = Buffer.from('event: ping\ndata: {"type":"ping"}\n\n');

export class AnthropicDialect implements StreamDialect {
  readonly keepalive = PING;
  readonly #options: AnthropicDialectOptions;
  #events: AnthropicEvents;
  #feed: OutputFeed;

  constructor(options: AnthropicDialectOptions) {
    this.#options = options;
    this.#events = new AnthropicEvents(options.model);
    this.#feed = new OutputFeed(new AnthropicAnswer(this.#events, options));
  }

  get failure(): WireError | null {
    return this.#feed.failure;
  }

  restart(): void {
    this.#events = new AnthropicEvents(this.#options.model);
    this.#feed = new OutputFeed(new AnthropicAnswer(this.#events, this.#options));
  }

  translate(events: Buffer): Buffer {
    this.#feed.push(events);
    return Buffer.from(this.#events.take());
  }

  failed(error: WireError): Buffer {
    return Buffer.from(`event: error\ndata: ${JSON.stringify(this.#options.errorBody(error))}\n\n`);
  }
}
