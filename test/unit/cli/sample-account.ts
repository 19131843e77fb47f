/** An account as the admin API shows it. */
import type { Account } from '../../../sidecar/contract/account';

/** One with every field that the tests do not care about. */
export function sampleAccount(facts: Partial<Account> = {}): Account {
  return {
    accountId: '0197a1b2-0000-7000-8000-000000000001',
    email: 'one@example.com',
    provider: 'openai',
    chatgptAccountId: null,
    chatgptUserId: null,
    planType: 'plus',
    status: 'active',
    reason: null,
    nextStep: null,
    blockedUntilMs: null,
    routingPinned: false,
    hasAccessToken: true,
    hasRefreshToken: true,
    hasIdToken: true,
    accessTokenExpiresAtMs: null,
    tokenRefreshNeedsAttention: false,
    tokenRefreshLastError: null,
    tokenRefreshLastSuccessAtMs: null,
    tokenRefreshNextDueAtMs: null,
    lastRefreshAtMs: null,
    quotaPrimaryPercent: null,
    quotaSecondaryPercent: null,
    quotaPrimaryWindowSeconds: null,
    quotaSecondaryWindowSeconds: null,
    quotaPrimaryResetAtMs: null,
    quotaSecondaryResetAtMs: null,
    usageTelemetryRefreshedAtMs: null,
    requests24h: null,
    totalCost24hUsd: null,
    costNorm: null,
    inflight: null,
    createdAtMs: 1,
    updatedAtMs: 1,
    ...facts,
  };
}
