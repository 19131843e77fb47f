/** API keys on the wire (spec/admin-api.md 8; design §11 "Limits"). `…Usd` is decimal USD. */
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const dateTime = Type.String({ format: 'date-time' });
const literals = <T extends string>(names: readonly T[]) => Type.Union(names.map((name) => Type.Literal(name)));

/** What a limit counts. Tokens and requests as integers, cost in USD. */
export const LIMIT_TYPES = ['total_tokens', 'input_tokens', 'output_tokens', 'cost_usd', 'requests'] as const;
export type LimitType = (typeof LIMIT_TYPES)[number];
export const LIMIT_WINDOWS = ['five_hour', 'daily', 'weekly', 'monthly'] as const;
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];
/** Every effort there is, weakest first (spec/codex-wire.md 2.8). */
export const REASONING_EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra'] as const;
/** `default` sends none: upstream knows it by absence (spec/codex-wire.md 2.3). */
export const SERVICE_TIERS = ['default', 'flex', 'priority'] as const;
export const CLIENT_TRANSPORTS = ['http', 'websocket'] as const;

export const ApiKeyLimit = Type.Object(
  {
    id: Type.String(),
    limitType: literals(LIMIT_TYPES),
    limitWindow: literals(LIMIT_WINDOWS),
    maxValue: Type.Number(),
    /** What the present window has used. */
    currentValue: Type.Number(),
    /** What turns in flight hold of it. */
    reservedValue: Type.Number(),
    modelFilter: nullable(Type.String()),
    resetAt: dateTime,
    resetAtMs: Type.Integer(),
  },
  { $id: 'ApiKeyLimit', additionalProperties: false },
);
export type ApiKeyLimit = Static<typeof ApiKeyLimit>;

/** Everything the key has used since it was made. */
export const ApiKeyUsage = Type.Object(
  {
    requests: Type.Integer(),
    inputTokens: Type.Integer(),
    outputTokens: Type.Integer(),
    totalTokens: Type.Integer(),
    /** At list prices; turns of models without a price add nothing. */
    costUsd: Type.Number(),
    turnsInFlight: Type.Integer(),
  },
  { $id: 'ApiKeyUsage', additionalProperties: false },
);
export type ApiKeyUsage = Static<typeof ApiKeyUsage>;

const strings = Type.Array(Type.String());

export const ApiKey = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    /** The first characters of the secret, to tell keys apart. */
    keyPrefix: Type.String(),
    isActive: Type.Boolean(),
    /** Whether it opens the door now. */
    status: literals(['active', 'inactive', 'expired'] as const),
    /** Lists: empty = any. */
    allowedModels: strings,
    allowedAccountIds: strings,
    allowedEfforts: strings,
    allowedTransports: strings,
    enforcedModel: nullable(Type.String()),
    enforcedReasoningEffort: nullable(Type.String()),
    enforcedServiceTier: nullable(Type.String()),
    /** Whether callers off this machine are told which account served them. */
    showRoutedAccount: Type.Boolean(),
    expiresAt: nullable(dateTime),
    createdAt: dateTime,
    lastUsedAt: nullable(dateTime),
    limits: Type.Array(ApiKeyLimit),
    usageSummary: ApiKeyUsage,
  },
  { $id: 'ApiKey', additionalProperties: false },
);
export type ApiKey = Static<typeof ApiKey>;

/** A key with its secret, which is shown this once. */
export const ApiKeyWithSecret = Type.Composite([ApiKey, Type.Object({ key: Type.String() })], {
  $id: 'ApiKeyWithSecret',
  additionalProperties: false,
});
export type ApiKeyWithSecret = Static<typeof ApiKeyWithSecret>;

/** Largest limit whose micro-USD stay exact. */
const LARGEST_LIMIT = 1e9;

export const ApiKeyLimitInput = Type.Object(
  {
    limitType: literals(LIMIT_TYPES),
    limitWindow: literals(LIMIT_WINDOWS),
    /** Whole tokens or requests, or USD with at most six decimals. */
    maxValue: Type.Number({ exclusiveMinimum: 0, maximum: LARGEST_LIMIT * 1000 }),
    modelFilter: Type.Optional(nullable(Type.String({ maxLength: 256 }))),
  },
  { $id: 'ApiKeyLimitInput', additionalProperties: false },
);
export type ApiKeyLimitInput = Static<typeof ApiKeyLimitInput>;

const names = nullable(Type.Array(Type.String({ maxLength: 256 }), { maxItems: 200 }));
const name = nullable(Type.String({ maxLength: 256 }));

const changeable = {
  allowedModels: Type.Optional(names),
  allowedAccountIds: Type.Optional(names),
  allowedEfforts: Type.Optional(names),
  allowedTransports: Type.Optional(names),
  enforcedModel: Type.Optional(name),
  enforcedReasoningEffort: Type.Optional(name),
  enforcedServiceTier: Type.Optional(name),
  showRoutedAccount: Type.Optional(Type.Boolean()),
  /** ISO 8601, or `YYYY-MM-DD HH:MM:SS` in UTC. */
  expiresAt: Type.Optional(name),
  isActive: Type.Optional(Type.Boolean()),
  /** The whole set; a limit of the same type, window and model keeps its counter. */
  limits: Type.Optional(nullable(Type.Array(ApiKeyLimitInput, { maxItems: 50 }))),
};
const keyName = Type.String({ maxLength: 200 });

/** Body of `POST /api/api-keys`. A misspelt scope would make a key without it: unknown fields are refused. */
export const ApiKeyCreation = Type.Object(
  { name: keyName, ...changeable },
  { $id: 'ApiKeyCreation', additionalProperties: false },
);
export type ApiKeyCreation = Static<typeof ApiKeyCreation>;

/** Body of `PATCH /api/api-keys/{id}`: what is left out stays; `null`, `''` and `[]` clear. */
export const ApiKeyChange = Type.Object(
  { name: Type.Optional(keyName), ...changeable },
  { $id: 'ApiKeyChange', additionalProperties: false },
);
export type ApiKeyChange = Static<typeof ApiKeyChange>;

export const apiKeyRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/api-keys',
    tag: 'keys',
    summary: 'List all API keys with limits and usage, newest first',
    answers: { 200: Type.Array(ApiKey) },
  },
  {
    method: 'POST',
    path: '/api/api-keys',
    tag: 'keys',
    summary: 'Make an API key; its secret is shown once',
    body: ApiKeyCreation,
    answers: { 201: ApiKeyWithSecret },
    errors: ['invalid_api_key_payload'],
  },
  {
    method: 'PATCH',
    path: '/api/api-keys/{id}',
    tag: 'keys',
    summary: 'Change an API key',
    body: ApiKeyChange,
    answers: { 200: ApiKey },
    errors: ['invalid_api_key_payload', 'api_key_not_found'],
  },
  {
    method: 'POST',
    path: '/api/api-keys/{id}/regenerate',
    tag: 'keys',
    summary: 'Give an API key a new secret; the old one stops working at once',
    answers: { 200: ApiKeyWithSecret },
    errors: ['api_key_not_found'],
  },
  {
    method: 'DELETE',
    path: '/api/api-keys/{id}',
    tag: 'keys',
    summary: 'Delete an API key',
    answers: { 204: null },
    errors: ['api_key_not_found'],
  },
];
