/** An account as the API shows it (spec/admin-api.md 6.1). Pure. */
import type { Account } from '../contract/account';
import { nextStepOf, reasonOf } from './account-advice';
import { statusAt } from './account-health';
import { emailLabel } from './account-label';
import { tagsFrom } from './account-policy';
import type { AccountUsage } from './day-usage';
import type { AccountFacts, RosterEntry } from './roster';

/** Figures that live outside the accounts; left out where the answer does not carry them. */
export interface LiveFigures {
  readonly usage?: AccountUsage | undefined;
  /** The highest cost among all accounts, micro-USD. */
  readonly highestCostMicroUsd?: number;
  /** Turns in flight, `null` = not known. */
  readonly inflight: number | null;
}

const MICRO_USD_PER_USD = 1_000_000;

/** Builds the contract's object for an instant. */
export function accountView(entry: RosterEntry, live: LiveFigures, nowMs: number): Account {
  const { facts, tokens } = entry;
  const status = statusAt(facts, nowMs);
  const limited = status === 'rate_limited' || status === 'quota_blocked';
  return {
    accountId: facts.id,
    email: emailLabel(facts),
    alias: facts.alias,
    tags: tagsFrom(facts.tags),
    provider: facts.provider,
    chatgptAccountId: facts.chatgpt_account_id,
    chatgptUserId: facts.chatgpt_user_id,
    planType: facts.plan_type,
    status,
    reason: reasonOf(entry, status),
    nextStep: nextStepOf(entry, status),
    blockedUntilMs: limited ? facts.blocked_until_ms : null,
    ...policyOf(entry),
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

function policyOf({ policy }: RosterEntry) {
  const { pinned, preference, maxUsedPercent, maxConcurrent } = policy;
  return { routingPinned: pinned, policy: { mode: preference, maxUsedPercent, maxConcurrent } };
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
