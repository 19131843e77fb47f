/** What a model says, free of the wire's repetitions: the one vocabulary that chat and Anthropic answers are written from. */
import type { Json } from './json-record';

/** A call of one of the client's tools. */
export interface CallFacts {
  /** Which output item it is. */
  readonly item: number;
  /** Its place among the calls of the answer, in order of first sight. */
  readonly index: number;
  /** `custom` = free text input instead of JSON arguments. */
  readonly kind: 'function' | 'custom';
  readonly callId: string;
  readonly name: string;
}

/** The first things known of a response. */
export interface ResponseFacts {
  readonly id: string | null;
  readonly model: string | null;
}

/** How the response ended when it did not fail. */
export interface FinalFacts extends ResponseFacts {
  /** `incomplete_details.reason`; `null` = it is complete. */
  readonly incomplete: string | null;
  /** A call was cut off in the middle of its input. */
  readonly cutInCall: boolean;
  /** The upstream's own object; empty when it did not count. */
  readonly usage: Json;
  readonly serviceTier: string | null;
}

/**
 * Hears each piece exactly once, however often and in whatever form the upstream tells it. Items are numbered from 0 in
 * order of first sight; pieces of different items may come interleaved.
 */
export interface OutputSink {
  started(facts: ResponseFacts): void;
  text(item: number, piece: string): void;
  refusal(item: number, piece: string): void;
  annotation(item: number, annotation: Json): void;
  /** A readable piece of the model's reasoning. */
  reasoning(item: number, piece: string): void;
  /** The ciphertext of a reasoning item, after its last piece. */
  reasoningSealed(item: number, id: string | null, ciphertext: string): void;
  callStarted(call: CallFacts): void;
  callInput(call: CallFacts, piece: string): void;
  /** Nothing more comes of this item. */
  itemDone(item: number): void;
  finished(facts: FinalFacts): void;
}
