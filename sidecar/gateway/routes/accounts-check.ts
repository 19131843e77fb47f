/** `GET …/wham/accounts/check`: the pool as the one account that the caller believes to be signed in to (codex-wire 2.10). */
import type { PoolLimits } from '../ports';
import { respondJson } from '../turn/respond';
import type { RouteHandler } from './router';

/** Of callers that name no account. */
const POOL_ID = 'tightrope-pool';

export function accountsCheckRoute(limits: Pick<PoolLimits, 'pooledUsage'>, now: () => number): RouteHandler {
  return (turn) => {
    const named = turn.request.headers['chatgpt-account-id'];
    const id = typeof named === 'string' && named.trim() !== '' ? named.trim() : POOL_ID;
    const account = {
      id,
      account_user_id: id,
      account_user_role: 'account-owner',
      structure: 'personal',
      plan_type: limits.pooledUsage(now()).plan_type,
      is_zdr: false,
      workspace_backend_origin: null,
      account_routing_override: 'NO_CONSTRAINT',
    };
    const body = { accounts: [account], default_account_id: id, account_ordering: [id] };
    respondJson(turn.response, 200, turn.headers, JSON.stringify(body));
    turn.answered(200);
    return Promise.resolve();
  };
}
