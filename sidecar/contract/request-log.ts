/** Request log on the wire (spec/admin-api.md 7.1 and design §11). `…Usd` is decimal USD, `…At` ISO 8601 UTC. */
import { Type, type Static } from '@sinclair/typebox';
import { Decision } from './routing';
import type { RouteContract } from './route-contract';

const text = Type.Union([Type.String(), Type.Null()]);
const integer = Type.Union([Type.Integer(), Type.Null()]);
const decimal = Type.Union([Type.Number(), Type.Null()]);

export const Attempt = Type.Object(
  { accountId: Type.String(), status: integer, ms: Type.Number(), code: text, blame: text },
  { $id: 'Attempt' },
);

export const RequestLog = Type.Object(
  {
    id: Type.String(),
    requestId: Type.String(),
    nodeId: Type.String(),
    accountId: text,
    apiKeyId: text,
    method: Type.String(),
    path: Type.String(),
    statusCode: Type.Integer(),
    model: text,
    serviceTier: text,
    reasoningEffort: text,
    stream: Type.Boolean(),
    transport: Type.String(),
    upstreamTransport: text,
    routingStrategy: text,
    sticky: Type.Boolean(),
    routingScore: decimal,
    requestedAt: Type.String({ format: 'date-time' }),
    requestedAtMs: Type.Integer(),
    latencyMs: integer,
    firstTokenMs: integer,
    inputTokens: integer,
    cachedTokens: integer,
    outputTokens: integer,
    reasoningTokens: integer,
    totalTokens: integer,
    /** `null` when the model has no known price or no usage was reported. */
    totalCost: decimal,
    totalCostUsd: decimal,
    errorCode: text,
    errorMessage: text,
    errorClass: text,
    responseId: text,
    sessionId: text,
    client: text,
    attempts: Type.Integer(),
    bytesUp: Type.Integer(),
    bytesDown: Type.Integer(),
  },
  { $id: 'RequestLog', additionalProperties: false },
);
export type RequestLog = Static<typeof RequestLog>;

/** `GET /api/logs/{id}`: the row, every attempt, and why they went where they went (`null` = never decided, or too old). */
export const RequestLogDetail = Type.Composite(
  [RequestLog, Type.Object({ attemptLog: Type.Array(Attempt), decision: Type.Union([Decision, Type.Null()]) })],
  { $id: 'RequestLogDetail', additionalProperties: false },
);
export type RequestLogDetail = Static<typeof RequestLogDetail>;

/** `GET /api/logs`: newest first. `nextCursor` is opaque; `null` = last page. */
export const RequestLogPage = Type.Object(
  {
    limit: Type.Integer(),
    offset: Type.Integer(),
    total: Type.Integer(),
    logs: Type.Array(RequestLog),
    nextCursor: text,
  },
  { $id: 'RequestLogPage' },
);
export type RequestLogPage = Static<typeof RequestLogPage>;

/** Query of `GET /api/logs`, as text from the URL. */
export const RequestLogQuery = Type.Object(
  {
    limit: Type.Optional(Type.String()),
    offset: Type.Optional(Type.String()),
    cursor: Type.Optional(Type.String()),
    accountId: Type.Optional(Type.String()),
    model: Type.Optional(Type.String()),
    status: Type.Optional(Type.Union([Type.Literal('ok'), Type.Literal('warn'), Type.Literal('error')])),
    search: Type.Optional(Type.String({ maxLength: 200 })),
    since: Type.Optional(Type.String()),
    until: Type.Optional(Type.String()),
  },
  { $id: 'RequestLogQuery' },
);
export type RequestLogQuery = Static<typeof RequestLogQuery>;

/** `GET /api/logs/options`: what a reader may filter by. */
const LogOptions = Type.Object(
  { accountIds: Type.Array(Type.String()), models: Type.Array(Type.String()), statuses: Type.Array(Type.String()) },
  { $id: 'RequestLogOptions' },
);
/** The same under the names of `GET /api/request-logs/options` (spec/admin-api.md 7.2). */
const OldLogOptions = Type.Object(
  {
    account_ids: Type.Array(Type.String()),
    model_options: Type.Array(Type.String()),
    statuses: Type.Array(Type.String()),
  },
  { $id: 'OldRequestLogOptions' },
);

const tag = 'logs';

export const requestLogRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/logs',
    tag,
    summary: 'List requests, newest first',
    query: RequestLogQuery,
    answers: { 200: RequestLogPage },
    errors: ['invalid_query'],
  },
  { method: 'GET', path: '/api/logs/options', tag, summary: 'List values to filter by', answers: { 200: LogOptions } },
  {
    method: 'GET',
    path: '/api/request-logs/options',
    tag,
    summary: 'List values to filter by, under their old names',
    answers: { 200: OldLogOptions },
  },
  {
    method: 'GET',
    path: '/api/logs/{id}',
    tag,
    summary: 'Read a request with its attempts and the decision behind it, by row id or request id',
    answers: { 200: RequestLogDetail },
    errors: ['log_not_found'],
  },
];
