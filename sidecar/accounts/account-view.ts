/** An account as the API shows it (spec/admin-api.md 6.1). Pure. */
import type { Account } from '../contract/account';
import { nextStepOf, statusAt } from './account-health';
import type { AccountFacts, RosterEntry } from './roster';

/** What the ledger knows of the last 24 hours; money in micro-USD, `null` = no priced row. */
export interface AccountUsage {
  readonly requests: number;
  readonly costMicroUsd: number | null;
}

/** Figures that live outside the accounts; left out where the answer does not carry them. */
export interface LiveFigures {
  readonly usage?: AccountUsage | undefined;
  /** The highest cost among all accounts, micro-USD. */
  readonly highestCostMicroUsd?: number;
  /** Turns in flight, `null` = not known. */
  readonly inflight: number | null;
}

const MICRO_USD_PER_USD = 1_000_000;
/** What of an id a label shows. The beginning of a UUIDv7 is its time, so accounts of one import share it. */
const LABEL_ID_CHARS = 8;

/** What people call the account: its e-mail, else the beginning of its id; never empty. */
export function accountLabel(facts: Pick<AccountFacts, 'email' | 'id'>): string {
  return facts.email ?? `account-${facts.id.slice(0, LABEL_ID_CHARS)}`;
}

/** Builds the contract's object for an instant. */
export function accountView({ facts, tokens }: RosterEntry, live: LiveFigures, nowMs: number): Account {
  const status = statusAt(facts, nowMs);
  const limited = status === 'rate_limited' || status === 'quota_blocked';
  const noLogin = status === 'active' && tokens === null;
  return {
    accountId: facts.id,
    email: accountLabel(facts),
    provider: facts.provider,
    chatgptAccountId: facts.chatgpt_account_id,
    chatgptUserId: facts.chatgpt_user_id,
    planType: facts.plan_type,
    status,
    reason: reasonOf(facts, status, noLogin),
    nextStep: nextStepOf(status, tokens !== null),
    blockedUntilMs: limited ? facts.blocked_until_ms : null,
    routingPinned: facts.routing_pinned === 1,
    hasAccessToken: tokens !== null,
    hasRefreshToken: tokens !== null && tokens.refreshToken !== null,
    hasIdToken: tokens !== null && tokens.idToken !== null,
    accessTokenExpiresAtMs: facts.access_token_expires_at_ms,
    tokenRefreshNeedsAttention: facts.token_refresh_needs_attention === 1,
    tokenRefreshLastError: facts.token_refresh_last_error,
    tokenRefreshLastSuccessAtMs: facts.token_refresh_last_success_at_ms,
    tokenRefreshNextDueAtMs: facts.token_refresh_next_due_at_ms,
    lastRefreshAtMs: facts.last_refresh_at_ms,
    ...quotaOf(facts),
    ...usageOf(live),
    inflight: live.inflight,
    createdAtMs: facts.created_at_ms,
    updatedAtMs: facts.updated_at_ms,
  };
}

function reasonOf(facts: Readonly<AccountFacts>, status: string, noLogin: boolean): string | null {
  if (noLogin) return 'No login is stored.';
  if (status === 'active') return null;
  return facts.status_reason ?? (status === 'paused' ? 'Paused by hand.' : null);
}

function quotaOf(facts: Readonly<AccountFacts>) {
  return {
    quotaPrimaryPercent: facts.quota_primary_percent,
    quotaSecondaryPercent: facts.quota_secondary_percent,
    quotaPrimaryWindowSeconds: facts.quota_primary_limit_window_seconds,
    quotaSecondaryWindowSeconds: facts.quota_secondary_limit_window_seconds,
    quotaPrimaryResetAtMs: facts.quota_primary_reset_at_ms,
    quotaSecondaryResetAtMs: facts.quota_secondary_reset_at_ms,
    usageTelemetryRefreshedAtMs: facts.usage_telemetry_refreshed_at_ms,
  };
}

/** `costNorm` relates an account's cost to the highest one, 0 when nothing has cost anything (spec 6.1). */
function usageOf({ usage, highestCostMicroUsd = 0 }: LiveFigures) {
  if (usage === undefined) return { requests24h: null, totalCost24hUsd: null, costNorm: null };
  const cost = usage.costMicroUsd;
  return {
    requests24h: usage.requests,
    totalCost24hUsd: cost === null ? null : cost / MICRO_USD_PER_USD,
    costNorm: cost === null ? null : highestCostMicroUsd === 0 ? 0 : cost / highestCostMicroUsd,
  };
}
