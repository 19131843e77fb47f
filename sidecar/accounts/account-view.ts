/** An account as the API shows it (spec/admin-api.md 6.1). Pure. */
import type { Account, AccountStatus } from '../contract/account';
import type { QuotaVerdictView, ShownQuota } from '../contract/quota';
import { nextStepOf, reasonOf } from './account-advice';
import { statusAt } from './account-health';
import { emailLabel } from './account-label';
import { tagsFrom } from './account-policy';
import type { AccountUsage } from './day-usage';
import type { RosterEntry } from './roster';

/** Figures that live outside the accounts; left out where the answer does not carry them. */
export interface LiveFigures {
  readonly usage?: AccountUsage | undefined;
  /** The highest cost among all accounts, micro-USD. */
  readonly highestCostMicroUsd?: number;
  readonly quota: ShownQuota;
  /** Turns in flight, `null` = not known. */
  readonly inflight: number | null;
}

const MICRO_USD_PER_USD = 1_000_000;

/** Builds the contract's object for an instant. */
export function accountView(entry: RosterEntry, live: LiveFigures, nowMs: number): Account {
  const shown = withLimit(entry, live.quota.verdict, nowMs);
  const { facts, tokens } = shown;
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
    reason: reasonOf(shown, status),
    nextStep: nextStepOf(shown, status),
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
    ...live.quota.figures,
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

/**
 * A login that works but whose figures keep it from serving is shown as limited: by a short window as `rate_limited`, by
 * anything longer as `quota_blocked` (spec/admin-api.md 6.7). Nothing is stored, so it ends with its reset.
 */
function withLimit(
  entry: RosterEntry,
  verdict: QuotaVerdictView,
  nowMs: number,
): Pick<RosterEntry, 'facts' | 'tokens'> {
  const { facts, tokens } = entry;
  if (verdict.kind !== 'limited' || tokens === null || statusAt(facts, nowMs) !== 'active') return entry;
  const status: AccountStatus = verdict.class === 'short' ? 'rate_limited' : 'quota_blocked';
  return { facts: { ...facts, status, status_reason: verdict.reason, blocked_until_ms: verdict.untilMs }, tokens };
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
