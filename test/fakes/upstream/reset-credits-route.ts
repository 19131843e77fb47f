/** Reset credits with their idempotency log (codex-wire 2.9): the same redeem id never spends twice. */
import { randomUUID } from 'node:crypto';
import { sendJson } from './answer';
import type { AccountState } from './account-state';
import { asJsonObject, asText } from './json-value';
import type { Route } from './route';

/** One consume call, kept so that tests can count spends per redeem id. */
export interface Redemption {
  readonly account: string;
  readonly redeemRequestId: string;
  readonly code: 'reset' | 'no_credit' | 'already_redeemed';
}

const PATH = '/backend-api/wham/rate-limit-reset-credits';

function credits(account: AccountState): Readonly<Record<string, unknown>>[] {
  return Array.from({ length: account.resetCredits }, (_, index) => ({
    id: `credit-${account.name}-${index}`,
    reset_type: 'codex_rate_limits',
    status: 'available',
    granted_at: '2026-09-01T00:00:00Z',
    expires_at: '2027-09-01T00:00:00Z',
    title: 'Full reset',
  }));
}

/** The two routes over one shared log. */
export function resetCreditsRoutes(log: Redemption[]): readonly Route[] {
  const consume = (account: AccountState, redeemRequestId: string): Redemption => {
    const known = log.some((entry) => entry.account === account.name && entry.redeemRequestId === redeemRequestId);
    if (known) return { account: account.name, redeemRequestId, code: 'already_redeemed' };
    if (account.resetCredits === 0) return { account: account.name, redeemRequestId, code: 'no_credit' };
    account.resetCredits -= 1;
    return { account: account.name, redeemRequestId, code: 'reset' };
  };
  return [
    {
      method: 'GET',
      path: PATH,
      name: 'resetCredits',
      standard: ({ response, account }) =>
        sendJson(response, 200, { credits: credits(account), available_count: account.resetCredits }),
    },
    {
      method: 'POST',
      path: `${PATH}/consume`,
      name: 'resetCredits',
      standard: ({ request, response, account }) => {
        const redeemRequestId = asText(asJsonObject(request.json)['redeem_request_id']);
        if (redeemRequestId === undefined) return sendJson(response, 422, { detail: 'redeem_request_id is required' });
        const redemption = consume(account, redeemRequestId);
        log.push(redemption);
        const windowsReset = redemption.code === 'reset' ? 2 : 0;
        sendJson(response, 200, { code: redemption.code, credit: { id: randomUUID() }, windows_reset: windowsReset });
      },
    },
  ];
}
