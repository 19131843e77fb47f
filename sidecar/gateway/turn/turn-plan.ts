/** What a route hands over to have its turn served, and what serving takes. */
import type { AccountPool } from '../ports';
import type { Lease, LeaseRequest, Selector } from '../routing/selector';
import type { UpstreamRequest } from '../upstream/transport';
import type { Answer } from './answer';
import type { AttemptServices } from './attempt';
import type { Turn } from './turn';
import type { FittedRequest, Ties } from './turn-ties';

export interface TurnServices extends AttemptServices {
  readonly pool: AccountPool;
  readonly selector: Selector;
}

export interface TurnPlan {
  readonly turn: Turn;
  readonly answer: Answer;
  /** What binds the request, and what of it each account may be sent. */
  readonly ties: Ties;
  /** The request as this account has to send it. */
  readonly requestFor: (
    lease: Lease,
    accessToken: string,
    fitted: FittedRequest,
  ) => UpstreamRequest | Promise<UpstreamRequest>;
  /** The upstream answers with one body, whatever is in it; left out = with Responses events. */
  readonly answersWhole?: boolean;
  /**
   * It must not happen twice: once its bytes may have reached an account, only an answer that says that nothing was done (401,
   * 403, 429) lets it be sent again.
   */
  readonly once?: boolean;
}

/** A client that waits longer than this for its first event is in a hurry; strategies may look at what is left of it. */
const FIRST_EVENT_WITHIN_MS = 1000;

/** What the turn asks of the selector now. */
export function leaseRequest({ turn, ties }: TurnPlan, tried: ReadonlySet<string>): LeaseRequest {
  return {
    model: turn.record.model,
    excluded: tried,
    allowed: turn.allowedAccounts,
    binding: ties.binding,
    warmTokens: ties.warmTokens,
    isReleased: ties.isReleased,
    slackMs: Math.max(0, FIRST_EVENT_WITHIN_MS - turn.elapsedMs()),
  };
}
