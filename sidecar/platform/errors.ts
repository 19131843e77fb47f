/**
 * Every error this product answers with: one table from code to status, OpenAI `type` and default message,
 * and the one class that carries it. Callers compare `code`, never the message.
 */

/** What a code means on the wire. `type` is the OpenAI envelope's `error.type`. */
export interface ErrorSpec {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

const spec = (status: number, type: string, message: string): ErrorSpec => ({ status, type, message });

/** Codes are part of the contract: clients and scripts branch on them (spec/proxy.md 1.2, spec/admin-api.md 13). */
export const ERRORS = {
  // What the client sent
  invalid_request: spec(400, 'invalid_request_error', 'The request is invalid.'),
  invalid_request_error: spec(400, 'invalid_request_error', 'The request payload is invalid.'),
  invalid_json: spec(400, 'invalid_request_error', 'The body is not valid JSON.'),
  invalid_field: spec(400, 'invalid_request_error', 'A field has an invalid value.'),
  invalid_query: spec(400, 'invalid_request_error', 'A query parameter has an invalid value.'),
  invalid_routing_strategy: spec(400, 'invalid_request_error', 'There is no such routing strategy.'),
  invalid_cache_affinity_ttl: spec(
    400,
    'invalid_request_error',
    'The lifetime of a prompt cache binding must be a whole number of seconds above 0.',
  ),
  invalid_routing_weight: spec(400, 'invalid_request_error', 'A routing weight must be a number from 0 to 1.'),
  invalid_routing_success_rate_rho: spec(400, 'invalid_request_error', 'The exponent must be above 0 and at most 64.'),
  invalid_routing_plan_model_pricing_usd_per_million: spec(
    400,
    'invalid_request_error',
    'A price override could not be read.',
  ),
  invalid_theme: spec(400, 'invalid_request_error', 'The theme is auto, dark or light.'),
  settings_version_not_found: spec(404, 'invalid_request_error', 'The history holds no such version.'),
  invalid_account_import: spec(400, 'invalid_request_error', 'The account could not be imported.'),
  auth_json_api_key_only: spec(400, 'invalid_request_error', 'This auth.json holds an API key, not a ChatGPT login.'),
  auth_json_missing_tokens: spec(400, 'invalid_request_error', 'This auth.json lacks an access or refresh token.'),
  unsupported_input_image_format: spec(400, 'invalid_request_error', 'Images must be data: or http(s) URLs.'),
  payload_too_large: spec(413, 'invalid_request_error', 'The body is larger than this route accepts.'),
  unsupported_media_type: spec(415, 'invalid_request_error', 'Send the body as application/json.'),
  not_found: spec(404, 'invalid_request_error', 'Route not found.'),
  method_not_allowed: spec(405, 'invalid_request_error', 'This route does not answer that method.'),
  websocket_not_supported: spec(
    426,
    'invalid_request_error',
    'There is no WebSocket to be had here at present; use HTTP.',
  ),
  file_not_found: spec(404, 'invalid_request_error', 'No file of this pool has this id.'),
  realtime_call_not_found: spec(404, 'invalid_request_error', 'No realtime call of this pool has this id.'),
  model_not_found: spec(404, 'invalid_request_error', 'No model of the catalogue has this name.'),
  account_not_found: spec(404, 'invalid_request_error', 'No account has this id.'),
  account_not_active: spec(400, 'invalid_request_error', 'Only an active account can be pinned.'),
  account_mismatch: spec(409, 'invalid_request_error', 'This login belongs to another account.'),
  invalid_callback: spec(400, 'invalid_request_error', 'The callback address is missing or empty.'),
  oauth_flow_not_found: spec(404, 'invalid_request_error', 'No sign-in has this id.'),
  oauth_too_many_flows: spec(429, 'invalid_request_error', 'Too many sign-ins are under way; cancel one first.'),
  invalid_request_payload: spec(400, 'invalid_request_error', 'The body is invalid.'),
  invalid_source_path: spec(400, 'invalid_request_error', 'The source must be an absolute path of a regular file.'),
  source_db_not_found: spec(404, 'invalid_request_error', 'There is no such file.'),
  source_db_open_failed: spec(400, 'invalid_request_error', 'The file could not be read as a database.'),
  source_db_passphrase_required: spec(400, 'invalid_request_error', 'The database is encrypted: give its passphrase.'),
  source_db_passphrase_invalid: spec(400, 'invalid_request_error', 'The passphrase does not open the database.'),
  source_schema_unsupported: spec(400, 'invalid_request_error', 'The database has no table of accounts.'),
  source_changed: spec(409, 'invalid_request_error', 'The file has changed since it was looked at.'),
  pool_export_unreadable: spec(
    400,
    'invalid_request_error',
    'The passphrase does not open this export, or it is damaged.',
  ),
  empty_upload: spec(400, 'invalid_request_error', 'The upload is empty.'),
  backup_not_found: spec(404, 'invalid_request_error', 'There is no such copy of the database.'),
  log_not_found: spec(404, 'invalid_request_error', 'No log row or request has this id.'),
  session_not_found: spec(404, 'invalid_request_error', 'No session has this key.'),
  invalid_scope: spec(400, 'invalid_request_error', 'The scope must be stale or all.'),
  invalid_kind: spec(400, 'invalid_request_error', 'There is no such kind of session.'),
  previous_response_not_found: spec(
    400,
    'invalid_request_error',
    'The response that this request continues is not available. Send the whole conversation without previous_response_id.',
  ),
  invalid_api_key_payload: spec(400, 'invalid_request_error', 'The API key cannot be made like this.'),
  api_key_not_found: spec(404, 'invalid_request_error', 'No API key has this id.'),
  invalid_ip: spec(400, 'invalid_request_error', 'This is neither an IP address nor a network.'),
  ip_exists: spec(409, 'invalid_request_error', 'This address or network is listed already.'),
  ip_not_found: spec(404, 'invalid_request_error', 'This address or network is not listed.'),
  conflict: spec(409, 'invalid_request_error', 'The state changed meanwhile.'),
  sidecar_not_running: spec(503, 'service_unavailable', 'No sidecar runs on this data directory.'),
  sign_in_failed: spec(400, 'invalid_request_error', 'The sign-in did not succeed.'),
  browser_not_opened: spec(500, 'server_error', 'No browser could be opened.'),
  codex_config_invalid: spec(409, 'invalid_request_error', "Codex's config.toml is not valid TOML."),
  codex_config_changed: spec(409, 'invalid_request_error', "Codex's config.toml was changed since."),
  codex_setup_nothing_to_undo: spec(409, 'invalid_request_error', 'There is no change of ours to take back.'),
  codex_config_read_failed: spec(500, 'server_error', "Codex's config.toml could not be read."),
  codex_config_write_failed: spec(500, 'server_error', "Codex's config.toml could not be written."),
  cluster_not_enabled: spec(409, 'invalid_request_error', 'Cluster mode is off.'),
  // Who may enter
  host_not_allowed: spec(421, 'access_error', 'This Host is not served here.'),
  origin_not_allowed: spec(403, 'access_error', 'This web origin may not use this address.'),
  auth_required: spec(401, 'authentication_error', 'Sign in first.'),
  invalid_credentials: spec(401, 'authentication_error', 'The password is wrong.'),
  bootstrap_token_required: spec(401, 'authentication_error', 'Send the content of the file bootstrap-token.'),
  read_only_role: spec(403, 'permission_error', 'This sign-in may look and change nothing.'),
  too_many_attempts: spec(429, 'rate_limit_error', 'Too many failed attempts.'),
  password_not_configured: spec(400, 'invalid_request_error', 'No password is set.'),
  password_already_configured: spec(409, 'invalid_request_error', 'A password is set already.'),
  invalid_password: spec(400, 'invalid_request_error', 'A password needs at least 8 characters.'),
  invalid_totp_setup: spec(400, 'invalid_request_error', 'The second factor cannot be set up like this.'),
  invalid_totp_code: spec(400, 'invalid_request_error', 'The code is wrong or was used before.'),
  invalid_totp_config: spec(400, 'invalid_request_error', 'Set up the second factor before it is required.'),
  database_locked: spec(423, 'service_unavailable', 'The stored logins are locked: unlock them with the passphrase.'),
  database_unlock_failed: spec(401, 'authentication_error', 'The passphrase is wrong.'),
  database_already_encrypted: spec(409, 'invalid_request_error', 'A passphrase is set already.'),
  database_not_initialized: spec(409, 'invalid_request_error', 'No passphrase is set.'),
  passphrase_not_supported: spec(409, 'invalid_request_error', 'The key is given by configuration.'),
  invalid_passphrase: spec(400, 'invalid_request_error', 'A passphrase needs at least 8 characters.'),
  passphrase_mismatch: spec(400, 'invalid_request_error', 'Passphrase and confirmation differ.'),
  missing_passphrase: spec(400, 'invalid_request_error', 'The passphrase is missing.'),
  missing_current_passphrase: spec(400, 'invalid_request_error', 'The current passphrase is missing.'),
  invalid_next_passphrase: spec(400, 'invalid_request_error', 'A passphrase needs at least 8 characters.'),
  passphrase_unchanged: spec(400, 'invalid_request_error', 'The new passphrase is the old one.'),
  invalid_current_passphrase: spec(401, 'authentication_error', 'The current passphrase is wrong.'),
  loopback_only: spec(403, 'access_error', 'Only this machine may do that.'),
  admin_token_required: spec(401, 'authentication_error', 'Send the admin token as a bearer.'),
  invalid_api_key: spec(401, 'authentication_error', 'An API key is needed.'),
  ip_forbidden: spec(403, 'access_error', 'This address may not use the proxy.'),
  model_not_allowed: spec(403, 'permission_error', 'This API key may not use the model.'),
  reasoning_effort_not_allowed: spec(403, 'permission_error', 'This API key may not use the reasoning effort.'),
  transport_not_allowed: spec(403, 'permission_error', 'This API key may not use the transport.'),
  // The type is what the Codex client stops at instead of waiting out the delay (design §11).
  api_key_limit_exceeded: spec(429, 'usage_limit_reached', 'This API key has reached its limit.'),
  // What this process can do
  proxy_disabled: spec(503, 'service_unavailable', 'The proxy is stopped.'),
  proxy_paused: spec(503, 'service_unavailable', 'The proxy is paused.'),
  proxy_overloaded: spec(503, 'service_unavailable', 'Too many turns are in flight.'),
  shutting_down: spec(503, 'service_unavailable', 'Tightrope is shutting down.'),
  listen_failed: spec(500, 'server_error', 'The address could not be bound.'),
  port_in_use: spec(500, 'server_error', 'The port is taken.'),
  db_unavailable: spec(500, 'server_error', 'The database is not available.'),
  db_backup_failed: spec(500, 'server_error', 'The database could not be copied.'),
  db_corrupt: spec(500, 'server_error', 'The database file is damaged or no database.'),
  db_driver_missing: spec(500, 'server_error', 'The SQLite driver could not be loaded.'),
  db_foreign: spec(500, 'server_error', 'The database file belongs to another program.'),
  db_migration_failed: spec(500, 'server_error', 'The database could not be brought to the current schema.'),
  db_newer_schema: spec(500, 'server_error', 'The database was written by a newer Tightrope.'),
  db_not_writable: spec(500, 'server_error', 'The database file cannot be written.'),
  config_invalid: spec(500, 'server_error', 'The configuration is invalid.'),
  data_directory_locked: spec(500, 'server_error', 'Another Tightrope uses this data directory.'),
  vault_wrong_key: spec(500, 'server_error', 'The token key is not the one that sealed the stored tokens.'),
  vault_wrong_passphrase: spec(500, 'server_error', 'The token key file does not open with this passphrase.'),
  vault_unusable: spec(500, 'server_error', 'The token key could not be used.'),
  token_unreadable: spec(500, 'server_error', 'A stored token could not be read.'),
  internal_error: spec(500, 'server_error', 'Something went wrong inside Tightrope.'),
  // What the pool or upstream did
  no_accounts: spec(503, 'service_unavailable', 'No account in the pool can serve this request.'),
  usage_limit_reached: spec(429, 'usage_limit_reached', 'Every account in the pool has reached its usage limit.'),
  continuation_account_unavailable: spec(
    503,
    'service_unavailable',
    'The account that holds this conversation or its files cannot serve, and no other can go on with it.',
  ),
  upstream_unavailable: spec(502, 'server_error', 'The upstream could not be reached.'),
  upstream_request_timeout: spec(504, 'timeout_error', 'The upstream did not answer in time.'),
  upstream_error: spec(502, 'server_error', 'The upstream answered with an error.'),
  upstream_incomplete: spec(502, 'server_error', 'The upstream ended without a complete response.'),
  upstream_response_too_large: spec(502, 'server_error', 'The upstream sent more than this route accepts.'),
  stream_incomplete: spec(502, 'server_error', 'The upstream stream ended before the response was complete.'),
  stream_idle_timeout: spec(504, 'timeout_error', 'The upstream stream fell silent.'),
  callback_port_busy: spec(409, 'server_error', 'The port of the sign-in callback is taken.'),
  device_auth_unavailable: spec(502, 'server_error', 'The provider does not offer device sign-in.'),
  oauth_transport_failed: spec(502, 'server_error', 'The login provider could not be reached.'),
  oauth_refused: spec(502, 'server_error', 'The login provider refused.'),
  invalid_response: spec(502, 'server_error', 'The login provider gave an answer that cannot be used.'),
  token_refresh_failed: spec(502, 'server_error', 'The login could not be refreshed.'),
  account_token_refresh_unavailable: spec(400, 'invalid_request_error', 'This account has no refresh token.'),
  account_usage_unavailable: spec(400, 'invalid_request_error', 'This account has no login to ask for its usage with.'),
  usage_refresh_failed: spec(502, 'server_error', 'The usage could not be refreshed.'),
  usage_refresh_persist_failed: spec(500, 'server_error', 'The usage could not be stored.'),
  client_disconnected: spec(499, 'client_error', 'The client went away.'),
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERRORS;

/** Optional facts of one error. `details` is machine-readable and must hold no secret. */
export interface ErrorFacts {
  readonly message?: string;
  readonly param?: string;
  readonly status?: number;
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Response headers that belong to the error, lower-case names (`retry-after`). */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an envelope needs. `TightropeError` is one; an error of the upstream that is passed on is another. */
export interface WireError {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly message: string;
  readonly param: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** An expected failure with a stable code. Its message is safe to show to the caller. */
export class TightropeError extends Error implements WireError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly type: string;
  readonly param: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts = {}) {
    const entry = ERRORS[code];
    super(facts.message ?? entry.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'TightropeError';
    this.code = code;
    this.status = facts.status ?? entry.status;
    this.type = entry.type;
    this.param = facts.param;
    this.details = facts.details;
    this.headers = facts.headers;
  }
}

/** Any thrown value as a `TightropeError`; unknown ones become `internal_error` and keep their cause. */
export function toTightropeError(thrown: unknown): TightropeError {
  return thrown instanceof TightropeError ? thrown : new TightropeError('internal_error', { cause: thrown });
}

/** Envelope of `/v1`, `/backend-api` and `/api/models`: `{"error":{message,type,code,param?,…details}}`. */
export function openAiEnvelope(error: WireError): { error: Record<string, unknown> } {
  return {
    error: {
      message: error.message,
      type: error.type,
      code: error.code,
      ...(error.param === undefined ? {} : { param: error.param }),
      ...error.details,
    },
  };
}

/** Envelope of the admin routes: `{"error":{code,message,field?,…details}}`. */
export function dashboardEnvelope(error: WireError): { error: Record<string, unknown> } {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.param === undefined ? {} : { field: error.param }),
      ...error.details,
    },
  };
}
