/** What a script may do with one request: the vocabulary that all fault verbs and replies share. */
import type { AccountState } from './account-state';
import type { AnswerSink, Break } from './answer-sink';
import type { RecordedRequest } from './recorder';
import type { OwnershipLedger } from './ownership';

/** Routes that can be scripted, one queue each. */
export const ROUTE_NAMES = [
  'responses',
  /** The upgrade of a WebSocket; the standard behaviour accepts it. */
  'handshake',
  /** Frames with `generate:false`. */
  'prewarm',
  'compact',
  'models',
  'usage',
  'token',
  'files',
  'transcribe',
  'images',
  'realtime',
  'resetCredits',
  /** Search, memories, safety, goals, keys. */
  'side',
] as const;
export type RouteName = (typeof ROUTE_NAMES)[number];

/** One request that reached an account, and the means to answer it. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly account: AccountState;
  readonly response: AnswerSink;
  /** Fires when the client leaves or the fake closes: every wait inside a behaviour ends with it. */
  readonly signal: AbortSignal;
  /** Who was given which opaque value; replies enter here what they hand out. */
  readonly ownership: OwnershipLedger;
  /** Breaks the connection on purpose; the record then says `cut_by_fake`. */
  cutConnection(how: Break): void;
  /** The route's unscripted answer, for behaviours that only delay or decorate it. */
  standard(): Promise<void>;
}

/** Answers one request. It may leave it unanswered on purpose (silence) until `signal` fires. */
export type Behaviour = (exchange: Exchange) => Promise<void> | void;
