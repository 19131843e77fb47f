/** What a client hears in the end: of the pool, of the account that its request belongs to, or of the last upstream that was asked. */
import { TightropeError, type WireError } from '../../platform/errors';
import type { Refusal } from '../routing/selector';
import type { Classification } from '../upstream/classify';
import { noAccountError, usageLimitError } from './pool-errors';
import type { TurnPlan, TurnServices } from './turn-plan';
import type { Ties } from './turn-ties';

/**
 * The one error from which a Codex client heals by itself: it sends its whole history again, without an anchor (codex-observed
 * "How it reacts"). Also for anchors that no account of this key gave: nothing may tell whose they are.
 */
const LOST_ANCHOR: WireError = new TightropeError('previous_response_not_found', {
  param: 'previous_response_id',
});

/** Why a request is refused before anybody is asked: no account may be sent it as it is. `null` = somebody may. */
export function unservableError({ bound, isTorn }: Ties): WireError | null {
  if (bound.isAnchorLost || (isTorn && bound.owners.anchor !== null)) return LOST_ANCHOR;
  if (!isTorn) return null;
  return new TightropeError('continuation_account_unavailable', {
    message: 'The request holds files or sealed history of different accounts, which no account can read together.',
  });
}

/**
 * @param last why the last attempt failed; `null` = there was none
 * @param refusal what the selector said last; `null` = it found somebody each time
 */
export function turnError(
  services: TurnServices,
  plan: TurnPlan,
  last: Classification | null,
  refusal: Refusal | null,
): WireError {
  const { turn } = plan;
  if (turn.interruption !== null) {
    turn.noteError(turn.interruption, 'local');
    return turn.interruption;
  }
  if (last !== null && last.blame !== 'account' && last.code !== 'usage_limit_reached')
    return upstreamError(plan, last);
  const nowMs = services.now();
  const poolIsOut = refusal?.reason === 'all_limited' || services.pool.usable(nowMs).length === 0;
  const ownerIsOut = ownerError(services, plan, refusal);
  if (last !== null && !poolIsOut && ownerIsOut === null) return upstreamError(plan, last);
  const error = ownerIsOut ?? noAccountError(services.pool, nowMs, refusal);
  turn.noteError(error, last?.blame ?? 'local');
  return error;
}

/** The account that the request cannot do without is out. */
function ownerError(services: TurnServices, { ties }: TurnPlan, refusal: Refusal | null): WireError | null {
  if (refusal?.reason !== 'owner_unavailable' || services.pool.size() === 0) return null;
  const obstacle = ties.obstacle();
  if (obstacle === null && !services.selector.holdsContinuations) return null;
  if (obstacle === 'anchored') return LOST_ANCHOR;
  if (refusal.returnsAtMs !== null) return usageLimitError(refusal.returnsAtMs, services.now());
  return new TightropeError('continuation_account_unavailable');
}

function upstreamError({ turn }: TurnPlan, last: Classification): WireError {
  turn.noteFailure(last.code, last.message, last.blame);
  return {
    status: last.clientStatus,
    code: last.code,
    type: last.type,
    message: last.message,
    param: last.param ?? undefined,
    details: last.clientBody,
    headers: last.retryAfterMs === null ? undefined : { 'retry-after': String(Math.ceil(last.retryAfterMs / 1000)) },
  };
}
