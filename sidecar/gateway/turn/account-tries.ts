/** All tries at one account: a fresh token, a second connection, a pause; and what happens when it has no token to give. */
import { toTightropeError, type WireError } from '../../platform/errors';
import type { Lease } from '../routing/selector';
import type { Classification } from '../upstream/classify';
import { runAttempt, type AttemptOutcome } from './attempt';
import { pauseUnlessCancelled } from './cancellable-pause';
import type { Turn } from './turn';
import { leaseRequest, type TurnPlan, type TurnServices } from './turn-plan';

/** Tries at the same account when no other can serve; the pause doubles (spec proxy 8.3: 500 ms). */
const MAX_SAME_ACCOUNT_RETRIES = 2;
const SAME_ACCOUNT_PAUSE_MS = 500;

/** All tries at one account: a fresh token after a 401, a second connection after a dead one, a pause after a 5xx. */
export async function serveWith(
  services: TurnServices,
  plan: TurnPlan,
  lease: Lease,
  tried: ReadonlySet<string>,
): Promise<AttemptOutcome> {
  const { turn } = plan;
  let token = await tokenFor(services, turn, lease, null);
  let tokenWasReplaced = false;
  let retries = 0;
  for (;;) {
    if (typeof token !== 'string') return token;
    const outcome = await runAttempt(services, {
      turn,
      answer: plan.answer,
      accountId: lease.account.id,
      request: await plan.requestFor(lease, token, plan.ties.fit(lease.account.id)),
      tokenWasReplaced,
      learned: plan.ties.learning(lease.account.id),
      onSeenFailure: (why) => reportVerdict(services, lease, why),
      answersWhole: plan.answersWhole === true,
      once: plan.once === true,
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
    if (!(await worthAnother(services, plan, { why, retries, tried }))) return outcome;
    retries += 1;
  }
}

interface FailedTry {
  readonly why: Classification;
  readonly retries: number;
  readonly tried: ReadonlySet<string>;
}

/** Waits where that is due, and says whether this account is to be asked once more before any other. */
async function worthAnother(services: TurnServices, plan: TurnPlan, failed: FailedTry): Promise<boolean> {
  const { why, retries, tried } = failed;
  // A kept connection the upstream had closed meanwhile costs one immediate retry, nothing else.
  if (why.blame === 'network' && retries === 0) return true;
  const othersCan = services.selector.canServe(leaseRequest(plan, tried));
  // Whose cache or ciphertext is elsewhere loses it by moving: a stumble of the upstream is no reason yet.
  const isStumble = why.blame === 'upstream' && retries === 0 && plan.ties.binding.grade !== 'free';
  if (othersCan && !isStumble) return false;
  return pauseUnlessCancelled(services.timers, SAME_ACCOUNT_PAUSE_MS * 2 ** retries, plan.turn.cancel.signal);
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
