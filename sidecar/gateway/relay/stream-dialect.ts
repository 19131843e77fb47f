/** How the events of an upstream are told to one kind of client: its own events, keepalives and last words. */
import type { WireError } from '../../platform/errors';

/** One per answer. */
export interface StreamDialect {
  /** Sign of life while the upstream is silent. */
  readonly keepalive: Buffer;
  /** A failure that the upstream's terminal event told and `translate` left to be said; `null` = none. */
  readonly failure: WireError | null;
  /** An attempt begins: whatever was read of an earlier one is forgotten. */
  restart(): void;
  /** Whole events in, what the client gets for them out; empty when there is nothing to say. */
  translate(events: Buffer): Buffer;
  /** The end of a stream that cannot be completed. */
  failed(error: WireError, turn: { readonly responseId: string | null }): Buffer;
}
