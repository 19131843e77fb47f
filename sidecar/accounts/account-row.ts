/** One row of the table `accounts`, as the database gives it. Times are UTC ms, windows seconds, percentages 0 to 100. */
export interface AccountRow {
  id: string;
  provider: string;
  /** Unique; see `identityKey` in account-identity.ts. */
  identity_key: string;
  email: string | null;
  chatgpt_account_id: string | null;
  chatgpt_user_id: string | null;
  workspace_label: string | null;
  plan_type: string | null;
  access_token_encrypted: string | null;
  refresh_token_encrypted: string | null;
  id_token_encrypted: string | null;
  access_token_expires_at_ms: number | null;
  /** Grows with every change of the tokens; writers compare it before they swap. */
  token_generation: number;
  /** Node that holds the newest tokens. */
  token_owner: string | null;
  last_refresh_at_ms: number | null;
  token_refresh_last_success_at_ms: number | null;
  token_refresh_next_due_at_ms: number | null;
  token_refresh_needs_attention: number;
  token_refresh_last_error: string | null;
  /** Refreshes in a row that failed for a passing reason. */
  token_refresh_failures: number;
  /** Of the refresh token that is being presented; see refresh-intent.ts. */
  token_refresh_intent_hash: string | null;
  token_refresh_intent_at_ms: number | null;
  status: string;
  status_reason: string | null;
  blocked_until_ms: number | null;
  quota_primary_percent: number | null;
  quota_secondary_percent: number | null;
  quota_primary_limit_window_seconds: number | null;
  quota_secondary_limit_window_seconds: number | null;
  quota_primary_reset_at_ms: number | null;
  quota_secondary_reset_at_ms: number | null;
  usage_telemetry_refreshed_at_ms: number | null;
  routing_pinned: number;
  alias: string | null;
  /** JSON array of strings. */
  tags: string;
  /** `normal`, `burn_first` or `preserve`. */
  routing_mode: string;
  max_used_percent: number | null;
  max_concurrent: number | null;
  created_at_ms: number;
  updated_at_ms: number;
}

/** Columns to change in one statement. */
export type AccountPatch = Partial<Omit<AccountRow, 'id' | 'created_at_ms'>>;

/** A login's tokens in the clear; only ever in memory. */
export interface AccountTokens {
  readonly accessToken: string;
  /** `null` only for logins from elsewhere that came without one: they serve until they expire. */
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** A new row on which nothing is known yet but whose it is. */
export function blankRow(id: string, provider: string, identityKey: string, nowMs: number): AccountRow {
  return {
    id,
    provider,
    identity_key: identityKey,
    email: null,
    chatgpt_account_id: null,
    chatgpt_user_id: null,
    workspace_label: null,
    plan_type: null,
    access_token_encrypted: null,
    refresh_token_encrypted: null,
    id_token_encrypted: null,
    access_token_expires_at_ms: null,
    token_generation: 0,
    token_owner: null,
    last_refresh_at_ms: null,
    token_refresh_last_success_at_ms: null,
    token_refresh_next_due_at_ms: null,
    token_refresh_needs_attention: 0,
    token_refresh_last_error: null,
    token_refresh_failures: 0,
    token_refresh_intent_hash: null,
    token_refresh_intent_at_ms: null,
    status: 'active',
    status_reason: null,
    blocked_until_ms: null,
    quota_primary_percent: null,
    quota_secondary_percent: null,
    quota_primary_limit_window_seconds: null,
    quota_secondary_limit_window_seconds: null,
    quota_primary_reset_at_ms: null,
    quota_secondary_reset_at_ms: null,
    usage_telemetry_refreshed_at_ms: null,
    routing_pinned: 0,
    alias: null,
    tags: '[]',
    routing_mode: 'normal',
    max_used_percent: null,
    max_concurrent: null,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
  };
}
