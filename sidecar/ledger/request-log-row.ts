/** A row of `request_logs` and what the admin routes make of it. */
import type { Static } from '@sinclair/typebox';
import type { Attempt, RequestLog, RequestLogDetail } from '../contract/request-log';
import type { Decision } from '../contract/routing';
import { readStoredJson } from './stored-json';

/** One stored row: column names as keys, times UTC ms, durations ms, sizes bytes, money micro-USD, booleans 0/1. */
export interface RequestLogRow {
  readonly id: string;
  readonly node_id: string;
  readonly request_id: string;
  readonly account_id: string | null;
  readonly api_key_id: string | null;
  readonly method: string;
  readonly path: string;
  readonly status_code: number;
  readonly model: string | null;
  readonly service_tier: string | null;
  readonly reasoning_effort: string | null;
  readonly stream: number;
  readonly transport: string;
  readonly upstream_transport: string | null;
  readonly routing_strategy: string | null;
  readonly sticky: number;
  readonly routing_score: number | null;
  readonly requested_at_ms: number;
  readonly latency_ms: number | null;
  readonly first_token_ms: number | null;
  readonly input_tokens: number | null;
  readonly cached_tokens: number | null;
  readonly output_tokens: number | null;
  readonly reasoning_tokens: number | null;
  readonly total_tokens: number | null;
  readonly cost_micro_usd: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_class: string | null;
  readonly response_id: string | null;
  readonly session_id: string | null;
  readonly client: string | null;
  readonly attempts: number;
  /** JSON array of `AttemptRecord`. */
  readonly attempt_log: string | null;
  readonly bytes_up: number | null;
  readonly bytes_down: number | null;
}

const MICRO_PER_USD = 1_000_000;

/** A stored row as `GET /api/logs` shows it. */
export function toRequestLog(row: RequestLogRow): RequestLog {
  const totalCostUsd = row.cost_micro_usd === null ? null : row.cost_micro_usd / MICRO_PER_USD;
  return {
    id: row.id,
    requestId: row.request_id,
    nodeId: row.node_id,
    accountId: row.account_id,
    apiKeyId: row.api_key_id,
    method: row.method,
    path: row.path,
    statusCode: row.status_code,
    model: row.model,
    serviceTier: row.service_tier,
    reasoningEffort: row.reasoning_effort,
    stream: row.stream === 1,
    transport: row.transport,
    upstreamTransport: row.upstream_transport,
    routingStrategy: row.routing_strategy,
    sticky: row.sticky === 1,
    routingScore: row.routing_score,
    requestedAt: new Date(row.requested_at_ms).toISOString(),
    requestedAtMs: row.requested_at_ms,
    latencyMs: row.latency_ms,
    firstTokenMs: row.first_token_ms,
    inputTokens: row.input_tokens,
    cachedTokens: row.cached_tokens,
    outputTokens: row.output_tokens,
    reasoningTokens: row.reasoning_tokens,
    totalTokens: row.total_tokens,
    totalCost: totalCostUsd,
    totalCostUsd,
    errorCode: row.error_code,
    errorMessage: row.error_message,
    errorClass: row.error_class,
    responseId: row.response_id,
    sessionId: row.session_id,
    client: row.client,
    attempts: row.attempts,
    bytesUp: row.bytes_up ?? 0,
    bytesDown: row.bytes_down ?? 0,
  };
}

/** The same row with its decision and every attempt; an attempt log that cannot be read counts as empty. */
export function toRequestLogDetail(row: RequestLogRow, decision: Decision | null): RequestLogDetail {
  return { ...toRequestLog(row), attemptLog: readAttemptLog(row.attempt_log), decision };
}

function readAttemptLog(text: string | null): Static<typeof Attempt>[] {
  const parsed = readStoredJson(text);
  return Array.isArray(parsed) ? parsed.filter(isAttempt) : [];
}

function isAttempt(value: unknown): value is Static<typeof Attempt> {
  return typeof value === 'object' && value !== null && 'accountId' in value && typeof value.accountId === 'string';
}
