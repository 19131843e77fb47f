/** Bodies of `/wham/usage`. */
import { unixAfter } from './header-sets';

export function usageWindow(usedPercent: number, seconds: number, resetsInMs: number): object {
  return {
    used_percent: usedPercent,
    limit_window_seconds: seconds,
    reset_after_seconds: Math.round(resetsInMs / 1000),
    reset_at: unixAfter(resetsInMs),
  };
}

/** Five hours (reset in 2 h) and a week (reset in 3 days); `more` replaces or adds fields. */
export function usageBody(shortPercent: number, weeklyPercent: number, more: object = {}): object {
  const reached = shortPercent >= 100 || weeklyPercent >= 100;
  return {
    plan_type: 'pro',
    rate_limit: {
      allowed: !reached,
      limit_reached: reached,
      primary_window: usageWindow(shortPercent, 18_000, 2 * 3_600_000),
      secondary_window: usageWindow(weeklyPercent, 604_800, 3 * 86_400_000),
    },
    code_review_rate_limit: null,
    credits: { has_credits: false, unlimited: false, balance: null },
    additional_rate_limits: [],
    ...more,
  };
}

/** Spark's own limit as an entry of `additional_rate_limits`. */
export function sparkLimit(usedPercent: number): object {
  return {
    limit_name: 'GPT-5.3-Codex-Spark',
    metered_feature: 'codex_bengalfox',
    rate_limit: {
      allowed: usedPercent < 100,
      limit_reached: usedPercent >= 100,
      primary_window: usageWindow(usedPercent, 18_000, 3_600_000),
      secondary_window: null,
    },
  };
}
