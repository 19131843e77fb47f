/** Streaming events in upstream's shapes (codex-wire 2.4). */
import { randomBytes } from 'node:crypto';

/** One event: an object with `type`, or bytes that go out as they are. */
export type FakeEvent = Readonly<Record<string, unknown>> & { readonly type: string };

export interface FakeUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

export const STANDARD_USAGE: FakeUsage = { input: 1200, cached: 1000, output: 50, reasoning: 20 };

/** A fresh id of the given family, e.g. `resp`, `msg`, `fc`, `rs`. */
export function freshId(family: string): string {
  return `${family}_${randomBytes(24).toString('hex')}`;
}

/** Ciphertext that only the account it is issued to may send back. */
export function freshCiphertext(): string {
  return `gAAAAA${randomBytes(96).toString('base64url')}`;
}

/** Opaque routing token, about as long as the real one (codex-wire 2.6: about 292 characters). */
export function freshTurnState(): string {
  return randomBytes(219).toString('base64');
}

/** The `usage` object of a terminal event. */
export function usageObject(usage: FakeUsage): Readonly<Record<string, unknown>> {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cached },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning },
    total_tokens: usage.input + usage.output,
  };
}

/** What every `response` object carries besides its status. */
export interface ResponseFacts {
  readonly id: string;
  readonly model: string;
}

export function responseCreated(facts: ResponseFacts): FakeEvent {
  return { type: 'response.created', response: { ...facts, object: 'response', status: 'in_progress', output: [] } };
}

export function responseInProgress(facts: ResponseFacts): FakeEvent {
  return {
    type: 'response.in_progress',
    response: { ...facts, object: 'response', status: 'in_progress', output: [] },
  };
}

export function itemAdded(outputIndex: number, item: Readonly<Record<string, unknown>>): FakeEvent {
  return { type: 'response.output_item.added', output_index: outputIndex, item };
}

export function itemDone(outputIndex: number, item: Readonly<Record<string, unknown>>): FakeEvent {
  return { type: 'response.output_item.done', output_index: outputIndex, item };
}

export function textDelta(itemId: string, outputIndex: number, delta: string): FakeEvent {
  return { type: 'response.output_text.delta', item_id: itemId, output_index: outputIndex, content_index: 0, delta };
}

/** `output` is the final snapshot; upstream sometimes leaves it empty or out (codex-wire 2.4 traps). */
export function responseCompleted(
  facts: ResponseFacts,
  usage: FakeUsage = STANDARD_USAGE,
  output: readonly unknown[] | undefined = [],
): FakeEvent {
  return {
    type: 'response.completed',
    response: {
      ...facts,
      object: 'response',
      status: 'completed',
      service_tier: 'default',
      ...(output === undefined ? {} : { output }),
      usage: usageObject(usage),
    },
  };
}

export function responseIncomplete(facts: ResponseFacts, reason: string, usage: FakeUsage = STANDARD_USAGE): FakeEvent {
  return {
    type: 'response.incomplete',
    response: { ...facts, status: 'incomplete', incomplete_details: { reason }, output: [], usage: usageObject(usage) },
  };
}

export function responseFailed(code: string, message: string, id: string = freshId('resp')): FakeEvent {
  return { type: 'response.failed', response: { id, object: 'response', status: 'failed', error: { code, message } } };
}

/** A bare `error` event with the error nested and the status beside it (codex-wire 2.5). */
export function errorEvent(status: number, error: Readonly<Record<string, unknown>>): FakeEvent {
  return { type: 'error', status, error };
}

/** `codex.rate_limits`: weekly in `primary`, nothing in `secondary`, as seen live. */
export function rateLimitsEvent(usedPercent: number, planType = 'pro'): FakeEvent {
  return {
    type: 'codex.rate_limits',
    plan_type: planType,
    rate_limits: {
      primary: { used_percent: usedPercent, window_minutes: 10_080, reset_at: 1_790_426_679 },
      secondary: null,
    },
    credits: { has_credits: false, unlimited: false, balance: null },
  };
}

/** Gives each `response.*` event its `sequence_number`, from 0. */
export function numbered(events: readonly FakeEvent[]): FakeEvent[] {
  let sequence = 0;
  return events.map((event) =>
    event.type.startsWith('response.') ? { ...event, sequence_number: sequence++ } : event,
  );
}
