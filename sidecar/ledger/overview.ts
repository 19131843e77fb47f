/** The pool at a glance (spec/admin-api.md 10.4): pure arithmetic over accounts and the sums of the last day. */
import type { Account } from '../contract/account';
import type { DashboardOverview, UsageFigures, UsagePoint } from '../contract/reports';

/** A window of one account: used percent, when it is full again (UTC ms), and its length (s). */
export interface PoolWindow {
  readonly usedPercent: number | null;
  readonly resetAtMs: number | null;
  readonly windowSeconds: number | null;
}

type Depletion = DashboardOverview['depletionPrimary'];

/** Below this share of a window gone by, its pace says nothing. */
const MIN_ELAPSED = 0.05;

export function overviewOf(
  accounts: readonly Account[],
  day: { readonly total: UsageFigures; readonly hours: readonly UsagePoint[] },
  nowMs: number,
): DashboardOverview {
  const serving = accounts.filter(({ status }) => status !== 'paused' && status !== 'deactivated');
  const primary = serving.map((one) => ({
    usedPercent: one.quotaPrimaryPercent,
    resetAtMs: one.quotaPrimaryResetAtMs,
    windowSeconds: one.quotaPrimaryWindowSeconds,
  }));
  const secondary = serving.map((one) => ({
    usedPercent: one.quotaSecondaryPercent,
    resetAtMs: one.quotaSecondaryResetAtMs,
    windowSeconds: one.quotaSecondaryWindowSeconds,
  }));
  const { total, hours } = day;
  return {
    lastSyncAtMs: null,
    accounts: [...accounts],
    summary: {
      requests24h: total.requests,
      errors24h: total.errors,
      totalTokens24h: total.totalTokens,
      cachedTokens24h: total.cachedTokens,
      totalCost24hUsd: total.costUsd,
      unpricedRequests24h: total.unpricedRequests,
      latencyP50Ms: total.latencyP50Ms,
      latencyP95Ms: total.latencyP95Ms,
      firstTokenP50Ms: total.firstTokenP50Ms,
      activeAccounts: accounts.filter(({ status }) => status === 'active').length,
    },
    windows: { primary: poolWindow(primary, nowMs), secondary: poolWindow(secondary, nowMs) },
    trends: {
      requests: hours.map(({ startAtMs, requests }) => ({ atMs: startAtMs, count: requests })),
      tokens: hours.map(({ startAtMs, totalTokens }) => ({ atMs: startAtMs, count: totalTokens })),
      costUsd: hours.map(({ startAtMs, costUsd }) => ({ atMs: startAtMs, count: costUsd })),
    },
    depletionPrimary: depletion(primary, nowMs),
    depletionSecondary: depletion(secondary, nowMs),
  };
}

/** Mean use and nearest reset to come. */
export function poolWindow(windows: readonly PoolWindow[], nowMs: number): DashboardOverview['windows']['primary'] {
  const used = windows.flatMap(({ usedPercent }) => (usedPercent === null ? [] : [usedPercent]));
  const resets = windows.flatMap(({ resetAtMs }) => (resetAtMs !== null && resetAtMs > nowMs ? [resetAtMs] : []));
  return {
    usedPercent: used.length === 0 ? null : used.reduce((sum, percent) => sum + percent, 0) / used.length,
    resetAtMs: resets.length === 0 ? null : Math.min(...resets),
  };
}

/**
 * When the whole pool is used up if every account goes on at the pace of its present window: the latest of the accounts,
 * and only if each runs dry before its own reset. `confidence` is the smallest share of a window that the pace is taken from.
 */
export function depletion(windows: readonly PoolWindow[], nowMs: number): Depletion {
  let atMs = 0;
  let confidence = 1;
  const known = windows.filter(({ usedPercent }) => usedPercent !== null);
  for (const window of known) {
    const end = exhaustion(window, nowMs);
    if (end === null) return null;
    atMs = Math.max(atMs, end.atMs);
    confidence = Math.min(confidence, end.confidence);
  }
  return known.length === 0 ? null : { atMs: Math.round(atMs), confidence };
}

function exhaustion(
  { usedPercent, resetAtMs, windowSeconds }: PoolWindow,
  nowMs: number,
): NonNullable<Depletion> | null {
  if (usedPercent === null || resetAtMs === null || windowSeconds === null || resetAtMs <= nowMs) return null;
  if (usedPercent >= 100) return { atMs: nowMs, confidence: 1 };
  const lengthMs = windowSeconds * 1000;
  const elapsedMs = Math.max(0, nowMs - (resetAtMs - lengthMs));
  const share = Math.min(1, elapsedMs / lengthMs);
  if (share < MIN_ELAPSED || usedPercent <= 0) return null;
  const atMs = nowMs + ((100 - usedPercent) * elapsedMs) / usedPercent;
  return atMs < resetAtMs ? { atMs, confidence: share } : null;
}
