/** What one turn shows its client, whichever attempt fills it: a stream of events or one JSON object. */
import type { WireError } from '../../platform/errors';
import type { HeaderList } from './respond';

export interface Answer {
  /** `frames` = `write` takes one event without framing at a time; left out = events as bytes of a stream. */
  readonly form?: 'frames';
  /** The client has seen model output or a sequence number: from here on no other account may take over (design §3). */
  readonly visible: boolean;
  /** What an upstream that ends early is called in this form of answer (spec proxy 1.2). */
  readonly incompleteCode: 'stream_incomplete' | 'upstream_incomplete';
  /**
   * An attempt is about to show its events: its upstream headers, and whatever an earlier attempt left is dropped.
   * @param status of an upstream that answers with one body
   */
  adopt(headers: HeaderList, status?: number): void;
  /** Whole events, or one whole body, as they go to the client. `false` = the client is slow; wait for `drain` on the response. */
  write(events: Buffer): boolean;
  /** The upstream's answer is complete. */
  end(): void;
  /** No attempt can complete the answer: an error status while that is possible, else a terminal event. */
  fail(error: WireError): void;
}
