/** `GET /api/codex/usage` and `/backend-api/wham/usage`: the pool's limits as one account's (spec/codex-wire.md 2.9, spec/proxy.md 1.7.8). */
import type { PoolLimits } from '../ports';
import { respondJson } from '../turn/respond';
import type { RouteHandler } from './router';

/** Answered from what is known; upstream is not asked, whoever calls and with whatever token. */
export function usageRoute(limits: Pick<PoolLimits, 'pooledUsage'>, now: () => number): RouteHandler {
  return (turn) => {
    respondJson(turn.response, 200, turn.headers, JSON.stringify(limits.pooledUsage(now())));
    turn.answered(200);
    return Promise.resolve();
  };
}
