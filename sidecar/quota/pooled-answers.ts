/** The pool's limits in the shapes that clients read: headers and the usage answer (codex-wire 2.9, spec/proxy.md 1.6). */
import type { PooledUsage, QuotaWindow, UsageLimit, UsageWindow } from '../contract/quota';
import { CODE_REVIEW_FAMILY } from './limit-families';
import type { PooledLimit, PooledQuota } from './pool-quota';
import { slotsOf } from './quota-view';

type Slot = 'primary' | 'secondary';

/**
 * Flat `name, value, …` list: `x-codex-{primary,secondary}-{used-percent,window-minutes,reset-at}` and the credits.
 * The shortest window stands in `primary`. Empty when nothing is known.
 */
export function headersOf({ own, credits }: PooledQuota): string[] {
  const [primary, secondary] = slotsOf(withLength(own.windows));
  const headers = [...slotHeaders('primary', primary), ...slotHeaders('secondary', secondary)];
  if (credits !== null) {
    headers.push('x-codex-credits-has-credits', String(credits.hasCredits));
    headers.push('x-codex-credits-unlimited', String(credits.unlimited));
    if (credits.balance !== null) headers.push('x-codex-credits-balance', credits.balance);
  }
  return headers;
}

/** The body of `GET /api/codex/usage`. */
export function usageOf(quota: PooledQuota, nowMs: number): PooledUsage {
  const { own, additional, credits } = quota;
  const review = additional.find(({ id }) => id === CODE_REVIEW_FAMILY);
  return {
    plan_type: quota.planType,
    rate_limit: limitOf(own, nowMs),
    code_review_rate_limit: review === undefined ? null : limitOf(review, nowMs),
    credits:
      credits === null
        ? null
        : {
            has_credits: credits.hasCredits,
            unlimited: credits.unlimited,
            balance: credits.balance,
            approx_local_messages: null,
            approx_cloud_messages: null,
          },
    additional_rate_limits: additional
      .filter((limit) => limit !== review)
      .map((limit) => ({
        limit_name: limit.name ?? limit.id,
        metered_feature: limit.id,
        rate_limit: limitOf(limit, nowMs),
      })),
  };
}

function slotHeaders(slot: Slot, window: WithLength | undefined): string[] {
  if (window === undefined) return [];
  const headers = [
    `x-codex-${slot}-used-percent`,
    window.usedPercent.toFixed(1),
    `x-codex-${slot}-window-minutes`,
    String(Math.floor(window.windowSeconds / 60)),
  ];
  if (window.resetAtMs !== null) headers.push(`x-codex-${slot}-reset-at`, String(Math.ceil(window.resetAtMs / 1000)));
  return headers;
}

/** `null` when no window is known and somebody can serve: then there is nothing to say. */
function limitOf({ windows, allowed }: PooledLimit, nowMs: number): UsageLimit | null {
  const [primary, secondary] = slotsOf(withLength(windows));
  if (primary === undefined && allowed) return null;
  return {
    allowed,
    limit_reached: !allowed,
    primary_window: primary === undefined ? null : usageWindow(primary, nowMs),
    secondary_window: secondary === undefined ? null : usageWindow(secondary, nowMs),
  };
}

/** Without a known reset the whole window lies ahead, as upstream itself says of an unused one. */
function usageWindow(window: WithLength, nowMs: number): UsageWindow {
  const resetAtMs = window.resetAtMs ?? nowMs + window.windowSeconds * 1000;
  return {
    used_percent: window.usedPercent < 100 ? Math.min(99, Math.round(window.usedPercent)) : 100,
    limit_window_seconds: window.windowSeconds,
    reset_after_seconds: Math.max(0, Math.ceil((resetAtMs - nowMs) / 1000)),
    reset_at: Math.ceil(resetAtMs / 1000),
  };
}

type WithLength = QuotaWindow & { readonly windowSeconds: number };

/** Clients name a window by its length: one without cannot be shown to them. */
function withLength(windows: readonly QuotaWindow[]): WithLength[] {
  const hasLength = (window: QuotaWindow): window is WithLength => window.windowSeconds !== null;
  return windows.filter(hasLength);
}
