/**
 * `POST …/responses/compact`: asked of upstream as a call of its own, and as a turn with a trigger where that call is gone
 * (codex-wire 2.7). Ciphertext, turn state and session bind it as they bind a turn.
 */
import { TightropeError, type WireError } from '../../platform/errors';
import { compactCallBody, compactTurnBody } from '../protocol/compaction-body';
import type { PreparedBody, RouteFlavour } from '../protocol/responses-rules';
import { scanUpstreamObject } from '../protocol/upstream-json';
import { CompactionCollector } from '../relay/compaction-collector';
import { BodyAnswer, type WholeReply } from '../turn/body-answer';
import { scopeOf } from '../turn/call-ties';
import type { HttpTurn } from '../turn/http-turn';
import { bindToKey } from '../turn/key-check';
import { JsonAnswer } from '../turn/json-answer';
import { TurnTies } from '../turn/turn-ties';
import { COMPACTION_BUDGET_MS, describe, prepareBody, receiveBody, runGeneration } from './generation';
import { runCall, type CallServices } from './pool-call';
import type { RouteHandler } from './router';

/** A call that upstream has taken out of service is not tried again for so long, ms. */
const GONE_FOR_MS = 10 * 60_000;
/** How upstream says that a route is no more. */
const GONE: ReadonlySet<number> = new Set([404, 405, 410]);

export function compactRoute(services: CallServices, flavour: RouteFlavour): RouteHandler {
  let goneUntilMs = 0;
  return async (turn) => {
    const normalised = prepareBody(services, turn, await receiveBody(turn, flavour), flavour);
    turn.record.stream = false;
    describe(turn, normalised);
    const prepared = bindToKey(services.keys, turn, normalised);
    if (services.now() >= goneUntilMs) {
      if (await compactByCall(services, turn, prepared)) return;
      goneUntilMs = services.now() + GONE_FOR_MS;
      turn.forgetFailure();
    }
    const body = compactTurnBody(prepared.body);
    const asTurn = { ...prepared, body, isCompaction: true };
    await runGeneration(services, turn, asTurn, new JsonAnswer(turn, () => new CompactionCollector()));
  };
}

/** `false` = upstream has no such call any more and the client has heard nothing. */
async function compactByCall(services: CallServices, turn: HttpTurn, prepared: PreparedBody): Promise<boolean> {
  describe(turn, prepared);
  const answer = new CompactAnswer(turn, withOutput);
  const body = compactCallBody(prepared.body);
  const { ties } = prepared;
  const call = {
    method: 'POST',
    path: '/codex/responses/compact',
    body,
    headers: 'json',
    ties: new TurnTies(services.continuity, { ties, body, scope: scopeOf(turn) }),
    fits: true,
    budgetMs: Math.max(COMPACTION_BUDGET_MS, services.callBudgetMs),
  } as const;
  await runCall(services, turn, call, answer);
  return !answer.isGone;
}

class CompactAnswer extends BodyAnswer {
  isGone = false;

  override fail(error: WireError): void {
    this.isGone = GONE.has(error.status) && !error.code.startsWith('model_');
    if (!this.isGone) super.fail(error);
  }
}

/** spec/proxy.md 1.7.4. */
function withOutput(reply: WholeReply): WholeReply {
  if (scanUpstreamObject(reply.body).kind('output') === 'array') return reply;
  throw new TightropeError('upstream_error', { message: 'Unexpected upstream payload' });
}
