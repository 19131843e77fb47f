/** Calls that are no generation and go to an account of the pool: one request, one whole answer, with the same turn as all others. */
import { TightropeError } from '../../platform/errors';
import { conversationOf } from '../protocol/request-ties';
import type { Answer } from '../turn/answer';
import { CallTies } from '../turn/call-ties';
import { bindSideCall } from '../turn/key-check';
import { runTurn } from '../turn/run-turn';
import type { Turn } from '../turn/turn';
import type { Ties } from '../turn/turn-ties';
import { upstreamHeaders, type HeaderKind } from '../upstream/request-headers';
import type { UpstreamRequest } from '../upstream/transport';
import type { GenerationServices } from './generation';

export interface CallServices extends GenerationServices {
  /** Longest a call may take in all, ms (design §11: `TIGHTROPE_UPSTREAM_TIMEOUT_MS`). */
  readonly callBudgetMs: number;
}

export interface PoolCall {
  readonly method: UpstreamRequest['method'];
  /** Below the upstream's base path, query included. */
  readonly path: string;
  readonly body: UpstreamRequest['body'];
  readonly headers: HeaderKind;
  /** Content type of the body; left out = JSON. */
  readonly bodyType?: string;
  readonly ties: Ties;
  /** The body goes as the ties fit it to each account. */
  readonly fits?: boolean;
  /** See `TurnPlan`. */
  readonly once?: boolean;
  /** Longest it may take, ms; left out = as every call. */
  readonly budgetMs?: number;
}

/**
 * Has the call served by whichever account may, and answers the client.
 * @throws TightropeError what the caller's API key refuses, before anything was sent
 */
export async function runCall(services: CallServices, turn: Turn, call: PoolCall, answer: Answer): Promise<void> {
  const bodyBytes = Buffer.isBuffer(call.body) ? call.body.length : 0;
  bindSideCall(services.keys, turn, { reads: call.method === 'GET', bodyBytes });
  const budgetMs = call.budgetMs ?? services.callBudgetMs;
  const { bodyType } = call;
  await runTurn(
    { ...services, budgetMs, idleMs: budgetMs },
    {
      turn,
      answer,
      ties: call.ties,
      answersWhole: true,
      once: call.once === true,
      requestFor: ({ account }, accessToken, { dropsTurnState, body }) => ({
        method: call.method,
        path: services.upstreamBasePath + call.path,
        headers: upstreamHeaders(
          turn.request.rawHeaders,
          {
            accessToken,
            chatgptAccountId: account.chatgptAccountId,
            requestId: turn.record.requestId,
            userAgentFallback: services.userAgent,
            dropsTurnState,
            ...(bodyType === undefined ? {} : { bodyType }),
          },
          call.headers,
        ),
        body: call.fits === true ? body : call.body,
      }),
    },
  );
}

/** The ties of a call by its headers: it goes where its conversation goes. */
export function tiesOfCall(services: GenerationServices, turn: Turn): CallTies {
  return new CallTies(services.continuity, turn, conversationOf(turn.request.headers));
}

/** The account that serves the turn. */
export function servingAccount(turn: Turn): string {
  const { accountId } = turn.record;
  if (accountId === null) throw new TightropeError('internal_error', { message: 'A turn was served by nobody.' });
  return accountId;
}

/** The query of a request as it came, `?` included; empty = it has none. */
export function queryOf(url: string | undefined): string {
  const at = url?.indexOf('?') ?? -1;
  return url === undefined || at === -1 ? '' : url.slice(at);
}
