/**
 * What one proxied request leaves behind. The gateway fills one flat, mutable object per turn; the ledger writes it.
 * Times are UTC milliseconds, durations milliseconds, money micro-USD, sizes bytes. `null` = not known.
 */
import type { DecisionNote } from './decision-note';

/** Who is to blame for a failed attempt (design §3.7). Only `account` and `model` touch an account's health. */
export type Blame = 'account' | 'model' | 'payload' | 'upstream' | 'network' | 'client' | 'local';

/** Why a turn went where it went. Cheap to make; `JSON.stringify` makes what is stored out of it. */
export interface NotedDecision {
  /** The strategy's score of the account that was picked; `null` when it was not asked. */
  readonly score: number | null;
  toJSON(): DecisionNote;
}

/** One try at one account. */
export interface AttemptRecord {
  readonly accountId: string;
  /** HTTP status of the upstream, `null` when no response head arrived. */
  readonly status: number | null;
  readonly ms: number;
  readonly code: string | null;
  readonly blame: Blame | null;
}

export interface TurnRecord {
  /** UUIDv7 of the row. */
  id: string;
  requestId: string;
  accountId: string | null;
  apiKeyId: string | null;
  method: string;
  path: string;
  /** Status the client saw; 499 when it left first. */
  statusCode: number;
  model: string | null;
  serviceTier: string | null;
  reasoningEffort: string | null;
  stream: boolean;
  /** How the client is connected. */
  transport: 'http' | 'websocket';
  /** How the upstream was reached; `null` when it never was. */
  upstreamTransport: 'http' | 'websocket' | null;
  routingStrategy: string | null;
  /** The last decision of the turn; `null` = it never came to one. */
  decision: NotedDecision | null;
  sticky: boolean;
  requestedAtMs: number;
  latencyMs: number;
  /** From the request's arrival to the first upstream event or body byte handed to the client. */
  firstTokenMs: number | null;
  inputTokens: number | null;
  cachedTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  totalTokens: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  errorClass: Blame | null;
  responseId: string | null;
  sessionId: string | null;
  /** The `user-agent` product token (`codex_exec/0.169.0`), never the whole header. */
  client: string | null;
  attempts: AttemptRecord[];
  bytesUp: number;
  bytesDown: number;
}
