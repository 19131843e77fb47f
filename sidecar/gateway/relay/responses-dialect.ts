/** The Responses API itself: events go on as they came, on `/v1` made strict for SDKs. */
import type { WireError } from '../../platform/errors';
import type { RouteFlavour } from '../protocol/responses-rules';
import { keepaliveBytes, responseFailedEvent } from '../protocol/synthetic-events';
import type { StreamDialect } from './stream-dialect';
import { filterV1Events } from './v1-filter';

export class ResponsesDialect implements StreamDialect {
  readonly keepalive: Buffer;
  /** Failed events are passed on as they are. */
  readonly failure = null;
  readonly #flavour: RouteFlavour;
  readonly #now: () => number;

  /** @param now UTC ms */
  constructor(flavour: RouteFlavour, now: () => number) {
    this.#flavour = flavour;
    this.#now = now;
    this.keepalive = keepaliveBytes(flavour);
  }

  restart(): void {
    // Nothing is kept between events.
  }

  translate(events: Buffer): Buffer {
    return this.#flavour === 'v1' ? filterV1Events(events) : events;
  }

  failed(error: WireError, { responseId }: { readonly responseId: string | null }): Buffer {
    return responseFailedEvent({
      // Inside a stream `usage_limit_reached` costs the Codex client three retries, `insufficient_quota` stops it once (design §11).
      code: error.code === 'usage_limit_reached' ? 'insufficient_quota' : error.code,
      message: error.message,
      type: error.type,
      nowMs: this.#now(),
      ...(error.param === undefined ? {} : { param: error.param }),
      ...(responseId === null ? {} : { responseId }),
      ...(error.details === undefined ? {} : { details: error.details }),
    });
  }
}
