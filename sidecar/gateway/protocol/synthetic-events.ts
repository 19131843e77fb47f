/** Events that the proxy writes itself: the honest end of a broken stream and the sign of life while upstream is silent. */
import type { RouteFlavour } from './responses-rules';

/** What a failed event tells. */
export interface FailedEventFacts {
  readonly code: string;
  readonly message: string;
  /** OpenAI error type; default `server_error`. */
  readonly type?: string;
  readonly param?: string;
  /** Id of the response the client already knows. */
  readonly responseId?: string;
  /** One above the last `sequence_number` the client saw; left out when not known. */
  readonly sequenceNumber?: number;
  /** UTC ms. */
  readonly nowMs: number;
  /** Extra fields of the error object: `plan_type`, `resets_at`, `resets_in_seconds`. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One complete `response.failed` event: `event:` line, `data:` line, blank line (proxy.md 4.3). */
export function responseFailedEvent(facts: FailedEventFacts): Buffer {
  return Buffer.from(`event: response.failed\ndata: ${JSON.stringify(failedResponse(facts))}\n\n`);
}

/** The data of a `response.failed` event. */
export function failedResponse(facts: FailedEventFacts): Readonly<Record<string, unknown>> {
  const error = {
    message: facts.message,
    type: facts.type ?? 'server_error',
    code: facts.code,
    ...(facts.param === undefined ? {} : { param: facts.param }),
    ...facts.details,
  };
  return {
    type: 'response.failed',
    ...(facts.sequenceNumber === undefined ? {} : { sequence_number: facts.sequenceNumber }),
    response: {
      ...(facts.responseId === undefined ? {} : { id: facts.responseId }),
      object: 'response',
      created_at: Math.floor(facts.nowMs / 1000),
      status: 'failed',
      error,
      incomplete_details: null,
    },
  };
}

/** A comment does not reset the Codex client's idle timer, an event of its own family does (tried with 0.169, design §11). */
const CODEX_KEEPALIVE = Buffer.from('event: codex.keepalive\ndata: {"type":"codex.keepalive"}\n\n');
/** Strict SDKs know no such event; comments are part of the format. */
const V1_KEEPALIVE = Buffer.from(': keepalive\n\n');

/** One keepalive in the route's form; always the same Buffer. */
export function keepaliveBytes(flavour: RouteFlavour): Buffer {
  return flavour === 'codex' ? CODEX_KEEPALIVE : V1_KEEPALIVE;
}
