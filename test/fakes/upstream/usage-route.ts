/** `GET /backend-api/wham/usage` (codex-wire 2.9). */
import { sendJson } from './answer';
import type { Route } from './route';
import type { AccountState } from './account-state';

function usageWindow(usedPercent: number, seconds: number): Readonly<Record<string, unknown>> {
  const resetAfter = Math.floor(seconds / 2);
  return {
    used_percent: usedPercent,
    limit_window_seconds: seconds,
    reset_after_seconds: resetAfter,
    reset_at: Math.floor(Date.now() / 1000) + resetAfter,
  };
}

/** Five hours and a week, nothing reached. */
export function standardUsage(account: AccountState): Readonly<Record<string, unknown>> {
  const { plan, chatgptAccountId, chatgptUserId, email } = account.login.identity;
  return {
    plan_type: plan,
    account_id: chatgptAccountId,
    user_id: chatgptUserId,
    email,
    rate_limit: {
      allowed: true,
      limit_reached: false,
      primary_window: usageWindow(22, 18_000),
      secondary_window: usageWindow(10, 604_800),
    },
    code_review_rate_limit: null,
    credits: { has_credits: false, unlimited: false, balance: null },
    additional_rate_limits: [],
    rate_limit_reset_credits: { available_count: account.resetCredits },
  };
}

export const usageRoute: Route = {
  method: 'GET',
  path: /^\/(backend-api\/wham|api\/codex|backend-api\/api\/codex)\/usage$/,
  name: 'usage',
  standard: ({ response, account }) => sendJson(response, 200, account.usage ?? standardUsage(account)),
};
