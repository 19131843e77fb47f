/** From the record of a closed turn to a row of `request_logs`. */
import type { TurnRecord } from '../contract/turn-record';
import type { AppendTarget } from '../platform/database';
import { insertFromJson, type JsonColumn } from '../platform/dialect';
import { redactText } from '../platform/redact';
import { costMicroUsd } from './cost';
import type { RequestLogRow } from './request-log-row';

/** Every column; the compiler refuses a row that has one more or less. */
const COLUMNS: Readonly<Record<keyof RequestLogRow, Omit<JsonColumn, 'column'>>> = {
  id: {},
  node_id: {},
  request_id: {},
  // The account may be deleted while its turn runs: its row stays, without the reference.
  account_id: { existsIn: 'accounts' },
  api_key_id: {},
  method: {},
  path: {},
  status_code: {},
  model: {},
  service_tier: {},
  reasoning_effort: {},
  stream: {},
  transport: {},
  upstream_transport: {},
  routing_strategy: {},
  sticky: {},
  routing_score: {},
  requested_at_ms: {},
  latency_ms: {},
  first_token_ms: {},
  input_tokens: {},
  cached_tokens: {},
  output_tokens: {},
  reasoning_tokens: {},
  total_tokens: {},
  cost_micro_usd: {},
  error_code: {},
  error_message: {},
  error_class: {},
  response_id: {},
  session_id: {},
  client: {},
  attempts: {},
  attempt_log: {},
  bytes_up: {},
  bytes_down: {},
};

/** Where rows of the request log are appended. */
export const REQUEST_LOG_TARGET: AppendTarget = {
  name: 'request_logs',
  statement: insertFromJson(
    'request_logs',
    Object.entries(COLUMNS).map(([column, source]) => ({ column, ...source })),
  ),
};

/** Texts come from clients and the upstream; a row keeps this many UTF-16 units of each. */
const MAX_NAME = 256;
const MAX_PATH = 1024;
const MAX_MESSAGE = 2000;

/**
 * The row of one turn. A number that is none (NaN, a fraction) must not cost the other rows of its batch, so every value is made
 * to fit its column here. Error messages are redacted: the upstream may quote what it was sent.
 */
export function toRow(turn: TurnRecord, nodeId: string): RequestLogRow {
  return {
    id: turn.id,
    node_id: nodeId,
    request_id: clip(turn.requestId, MAX_NAME),
    account_id: turn.accountId,
    api_key_id: turn.apiKeyId,
    method: clip(turn.method, MAX_NAME),
    path: clip(turn.path, MAX_PATH),
    status_code: integer(turn.statusCode) ?? 0,
    model: clipped(turn.model),
    service_tier: clipped(turn.serviceTier),
    reasoning_effort: clipped(turn.reasoningEffort),
    stream: turn.stream ? 1 : 0,
    transport: turn.transport,
    upstream_transport: turn.upstreamTransport,
    routing_strategy: turn.routingStrategy,
    sticky: turn.sticky ? 1 : 0,
    routing_score: turn.decision?.score ?? null,
    requested_at_ms: integer(turn.requestedAtMs) ?? 0,
    latency_ms: integer(turn.latencyMs),
    first_token_ms: integer(turn.firstTokenMs),
    input_tokens: integer(turn.inputTokens),
    cached_tokens: integer(turn.cachedTokens),
    output_tokens: integer(turn.outputTokens),
    reasoning_tokens: integer(turn.reasoningTokens),
    total_tokens: integer(turn.totalTokens),
    cost_micro_usd: costMicroUsd(turn.model, turn.serviceTier, turn),
    error_code: clipped(turn.errorCode),
    error_message: turn.errorMessage === null ? null : clip(redactText(turn.errorMessage), MAX_MESSAGE),
    error_class: turn.errorClass,
    response_id: clipped(turn.responseId),
    session_id: clipped(turn.sessionId),
    client: clipped(turn.client),
    attempts: turn.attempts.length,
    attempt_log: turn.attempts.length === 0 ? null : JSON.stringify(turn.attempts),
    bytes_up: integer(turn.bytesUp),
    bytes_down: integer(turn.bytesDown),
  };
}

function integer(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? Math.round(value) : null;
}

function clipped(text: string | null): string | null {
  return text === null ? null : clip(text, MAX_NAME);
}

function clip(text: string, maxLength: number): string {
  return text.length > maxLength ? text.slice(0, maxLength) : text;
}
