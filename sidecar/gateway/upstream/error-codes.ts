/** The upstream's error codes and statuses, and what each means for the turn: one table, so that one edit changes them. */
import type { UpstreamErrorFacts } from '../protocol/upstream-error';

/**
 * `usage_limit` and `rate_limit`: the account rests until a time; `quota`: it has run out; `login`: its token was refused;
 * `deactivated`: it is gone; `forbidden`: it may not do this; `model`: it lacks the model; `payload`: the request is wrong;
 * `anchor`: the response it continues is not known; `overload` and `server`: the upstream itself; `connection`: only this connection;
 * `missing`: no such route; `unknown`: nothing known.
 */
export type Meaning =
  | 'usage_limit'
  | 'rate_limit'
  | 'quota'
  | 'login'
  | 'deactivated'
  | 'forbidden'
  | 'model'
  | 'payload'
  | 'anchor'
  | 'overload'
  | 'server'
  | 'connection'
  | 'missing'
  | 'unknown';

/** Codes that decide whatever the status says; `error.type` is looked up here too (codex-wire 2.4, 2.9, 2.10; proxy.md 8.2). */
const SPECIFIC: Readonly<Record<string, Meaning>> = {
  usage_limit_reached: 'usage_limit',
  usage_limit_exceeded: 'usage_limit',
  rate_limit_reached: 'usage_limit',
  rate_limit_exceeded: 'rate_limit',
  rate_limited: 'rate_limit',
  too_many_requests: 'rate_limit',
  insufficient_quota: 'quota',
  quota_exceeded: 'quota',
  credits_exhausted: 'quota',
  billing_hard_limit_reached: 'quota',
  billing_not_active: 'quota',
  usage_not_included: 'quota',
  token_invalidated: 'login',
  token_revoked: 'login',
  token_expired: 'login',
  app_session_terminated: 'login',
  account_deactivated: 'deactivated',
  account_suspended: 'deactivated',
  account_deleted: 'deactivated',
  deactivated_workspace: 'deactivated',
  model_not_found: 'model',
  model_not_supported: 'model',
  context_length_exceeded: 'payload',
  invalid_prompt: 'payload',
  cyber_policy: 'payload',
  bio_policy: 'payload',
  content_policy_violation: 'payload',
  unsupported_parameter: 'payload',
  payload_too_large: 'payload',
  previous_response_not_found: 'anchor',
  server_is_overloaded: 'overload',
  overloaded_error: 'overload',
  slow_down: 'overload',
  model_at_capacity: 'overload',
  websocket_connection_limit_reached: 'connection',
};

/** Codes and types that say less than a status does: a 429 of type `invalid_request_error` is still a limit. */
const GENERIC: Readonly<Record<string, Meaning>> = {
  invalid_request_error: 'payload',
  invalid_request: 'payload',
  authentication_error: 'login',
  invalid_api_key: 'login',
  server_error: 'server',
  internal_server_error: 'server',
  internal_error: 'server',
  api_error: 'server',
  service_unavailable: 'server',
};

/**
 * Sentences without a code of their own (codex-wire 2.4, "traps"). Whole phrases only: a text that merely mentions quotas or
 * billing says nothing.
 */
const PHRASES: readonly (readonly [phrase: RegExp, meaning: Meaning])[] = [
  [/model is not supported when using codex with a chatgpt account/i, 'model'],
  [/^selected model is at capacity/i, 'overload'],
  [/^invalid [`'"]?previous_response_id[`'"]?\.?$/i, 'anchor'],
];

/** What a failure means, most decisive evidence first. `status` below 400 counts as none. */
export function meaningOf(status: number | null, facts: UpstreamErrorFacts): Meaning {
  const { code, type, message } = facts;
  const phrase = message === null ? undefined : PHRASES.find(([pattern]) => pattern.test(message));
  if (phrase !== undefined) return phrase[1];
  const specific = lookUp(SPECIFIC, code) ?? lookUp(SPECIFIC, type);
  if (specific !== undefined) return specific;
  if (status !== null && status >= 400) return meaningOfStatus(status, message);
  return lookUp(GENERIC, code) ?? lookUp(GENERIC, type) ?? 'unknown';
}

function lookUp(table: Readonly<Record<string, Meaning>>, key: string | null): Meaning | undefined {
  const lower = key?.toLowerCase();
  return lower !== undefined && Object.hasOwn(table, lower) ? table[lower] : undefined;
}

const BY_STATUS: Readonly<Record<number, Meaning>> = {
  401: 'login',
  402: 'quota',
  403: 'forbidden',
  404: 'missing',
  408: 'server',
  429: 'rate_limit',
  529: 'overload',
};

function meaningOfStatus(status: number, message: string | null): Meaning {
  // proxy.md 8.4: the login of a closed account is refused with a sentence, not with a code.
  if ((status === 401 || status === 403) && message !== null && /\bdeactivated\b/i.test(message)) return 'deactivated';
  return BY_STATUS[status] ?? (status >= 500 ? 'server' : 'payload');
}
