/**
 * Serves a prepared turn: which account, how often, and what the client hears when none can. The only place that retries.
 * Before anything is visible a failure moves on silently; afterwards the attempt itself has already ended the answer.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { toTightropeError, type WireError } from '../../platform/errors';
import type { AccountPool } from '../ports';
import { FREE } from '../routing/routing-ports';
import type { Lease, LeaseRequest, Refusal, Selector } from '../routing/selector';
import type { Classification } from '../upstream/classify';
import type { UpstreamRequest } from '../upstream/transport';
import type { Answer } from './answer';
import { runAttempt, type AttemptOutcome, type AttemptServices } from './attempt';
import { noAccountError } from './pool-errors';
import type { Turn } from './turn';

export interface TurnServices extends AttemptServices {
  readonly pool: AccountPool;
  readonly selector: Selector;
}

export interface TurnPlan {
  readonly turn: Turn;
  readonly answer: Answer;
  /** The request as this account has to send it. */
  readonly requestFor: (lease: Lease, accessToken: string) => UpstreamRequest;
}

/** More accounts than this are not worth a client's patience; the error of the last one is as good. */
const MAX_ACCOUNTS_TRIED = 16;
/** Tries at the same account when no other can serve; the pause doubles (spec proxy 8.3: 500 ms). */
const MAX_SAME_ACCOUNT_RETRIES = 2;
/** The network is the same for every account: after this many failures another account does not help. */
const MAX_NETWORK_FAILURES = 3;
const SAME_ACCOUNT_PAUSE_MS = 500;
/** A client that waits longer than this for its first event is in a hurry; strategies may look at what is left of it. */
const FIRST_EVENT_WITHIN_MS = 1000;

/** Resolves when the client has its answer or has left. */
export async function runTurn(services: TurnServices, plan: TurnPlan): Promise<void> {
  const { turn, answer } = plan;
  const tried = new Set<string>();
  let last: Classification | null = null;
  let refusal: Refusal | null = null;
  let networkFailures = 0;
  while (tried.size < MAX_ACCOUNTS_TRIED && turn.elapsedMs() < services.budgetMs) {
    const lease = services.selector.lease(leaseRequest(turn, tried));
    if (lease.kind === 'refused') {
      refusal = lease;
      turn.noteDecision(lease.decision);
      break;
    }
    turn.hold(lease);
    tried.add(lease.account.id);
    const outcome = await serveWith(services, plan, lease, tried);
    if (outcome.kind !== 'failed') return;
    turn.letGo();
    last = outcome.why;
    if (last.blame === 'network') networkFailures += 1;
    if (last.retry === 'none' || networkFailures === MAX_NETWORK_FAILURES) break;
  }
  if (turn.clientLeft) return;
  answer.fail(finalError(services, turn, last, refusal));
}

/** What the turn asks of the selector now. */
function leaseRequest(turn: Turn, tried: ReadonlySet<string>): LeaseRequest {
  return {
    model: turn.record.model,
    excluded: tried,
    binding: FREE,
    slackMs: Math.max(0, FIRST_EVENT_WITHIN_MS - turn.elapsedMs()),
  };
}

/** All tries at one account: a fresh token after a 401, a second connection after a dead one, a pause after a 5xx. */
async function serveWith(
  services: TurnServices,
  plan: TurnPlan,
  lease: Lease,
  tried: ReadonlySet<string>,
): Promise<AttemptOutcome> {
  const { turn } = plan;
  const { signal } = turn.cancel;
  let token = await tokenFor(services, turn, lease, null);
  let tokenWasReplaced = false;
  let retries = 0;
  for (;;) {
    if (typeof token !== 'string') return token;
    const outcome = await runAttempt(services, {
      turn,
      answer: plan.answer,
      accountId: lease.account.id,
      request: plan.requestFor(lease, token),
      tokenWasReplaced,
      onSeenFailure: (why) => reportVerdict(services, lease, why),
    });
    if (outcome.kind !== 'failed') return outcome;
    const { why } = outcome;
    reportVerdict(services, lease, why);
    if (why.retry === 'refresh_token' && !tokenWasReplaced) {
      tokenWasReplaced = true;
      token = await tokenFor(services, turn, lease, token);
      continue;
    }
    if (why.retry !== 'same_account' || retries === MAX_SAME_ACCOUNT_RETRIES) return outcome;
    // A kept connection the upstream had closed meanwhile costs one immediate retry, nothing else.
    const deadConnection = why.blame === 'network' && retries === 0;
    if (!deadConnection && services.selector.canServe(leaseRequest(turn, tried))) return outcome;
    if (!deadConnection && !(await waitUnlessCancelled(SAME_ACCOUNT_PAUSE_MS * 2 ** retries, signal))) return outcome;
    retries += 1;
  }
}

function reportVerdict({ pool }: TurnServices, { account }: Lease, why: Classification): void {
  if (why.verdict !== null) pool.report(account.id, { ...why.verdict, loginEpoch: account.loginEpoch });
}

/** The account's token, or the failed outcome when it has none to give. */
async function tokenFor(
  services: TurnServices,
  turn: Turn,
  lease: Lease,
  rejected: string | null,
): Promise<string | AttemptOutcome> {
  const { pool } = services;
  const { id } = lease.account;
  try {
    return rejected === null
      ? await pool.accessToken(id, turn.cancel.signal)
      : await pool.replaceToken(id, rejected, turn.cancel.signal);
  } catch (thrown) {
    if (turn.clientLeft) return { kind: 'left' };
    const error = toTightropeError(thrown);
    turn.record.attempts.push({ accountId: id, status: null, ms: 0, code: error.code, blame: 'account' });
    turn.noteOutcome({ firstEventMs: null, blame: 'account', ok: false });
    return { kind: 'failed', status: null, why: loginFailure(error) };
  }
}

function loginFailure(error: WireError): Classification {
  return {
    blame: 'account',
    code: error.code,
    message: error.message,
    type: error.type,
    param: null,
    retry: 'next_account',
    // The pool has judged the account itself when the refresh failed.
    verdict: null,
    clientStatus: 503,
    clientBody: {},
    retryAfterMs: null,
    facts: null,
  };
}

/** `false` when the turn was cancelled meanwhile. */
async function waitUnlessCancelled(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
}

/** An exhausted or empty pool has its own words; else the client hears what the last upstream said. */
function finalError(
  services: TurnServices,
  turn: Turn,
  last: Classification | null,
  refusal: Refusal | null,
): WireError {
  const nowMs = services.now();
  if (turn.interruption !== null) {
    turn.noteError(turn.interruption, 'local');
    return turn.interruption;
  }
  const poolIsOut = refusal?.reason === 'all_limited' || services.pool.usable(nowMs).length === 0;
  if (last === null || (poolIsOut && (last.blame === 'account' || last.code === 'usage_limit_reached'))) {
    const error = noAccountError(services.pool, nowMs, refusal);
    turn.noteError(error, last?.blame ?? 'local');
    return error;
  }
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
