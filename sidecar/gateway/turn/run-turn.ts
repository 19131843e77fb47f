/**
 * Serves a prepared turn: which account, how often, and what the client hears when none can. The only place that retries.
 * Before anything is visible a failure moves on silently; afterwards the attempt itself has already ended the answer.
 */
import { TightropeError } from '../../platform/errors';
import type { Refusal } from '../routing/selector';
import type { Classification } from '../upstream/classify';
import { serveWith } from './account-tries';
import { pauseUnlessCancelled } from './cancellable-pause';
import { turnError, unservableError } from './turn-error';
import { leaseRequest, type TurnPlan, type TurnServices } from './turn-plan';

/** More accounts than this are not worth a client's patience; the error of the last one is as good. */
const MAX_ACCOUNTS_TRIED = 16;
/** The network is the same for every account: after this many failures another account does not help. */
const MAX_NETWORK_FAILURES = 3;
/** Longest wait for an account that comes back, in all (design §11). */
const LONGEST_WAIT_MS = 30_000;
/** Clocks differ a little: an account is not asked in the very moment of its reset. */
const AFTER_RESET_MS = 100;

/** Resolves when the client has its answer or has left. */
export async function runTurn(services: TurnServices, plan: TurnPlan): Promise<void> {
  await new TurnRun(services, plan).run();
}

class TurnRun {
  readonly #services: TurnServices;
  readonly #plan: TurnPlan;
  readonly #tried = new Set<string>();
  #last: Classification | null = null;
  #refusal: Refusal | null = null;
  #accountsTried = 0;
  #networkFailures = 0;
  #waitedMs = 0;

  constructor(services: TurnServices, plan: TurnPlan) {
    this.#services = services;
    this.#plan = plan;
  }

  async run(): Promise<void> {
    const { turn, answer, ties } = this.#plan;
    if (!turn.isCovered) {
      throw new TightropeError('internal_error', { message: 'A route serves model calls without asking the API key.' });
    }
    const unservable = unservableError(ties);
    if (unservable !== null) {
      turn.noteError(unservable, 'client');
      answer.fail(unservable);
      return;
    }
    while (
      !turn.cancel.signal.aborted &&
      this.#accountsTried < MAX_ACCOUNTS_TRIED &&
      turn.elapsedMs() < this.#services.budgetMs
    ) {
      const lease = this.#services.selector.lease(leaseRequest(this.#plan, this.#tried));
      if (lease.kind === 'leased') {
        turn.hold(lease);
        ties.begin(lease.account.id);
        this.#tried.add(lease.account.id);
        this.#accountsTried += 1;
        const outcome = await serveWith(this.#services, this.#plan, lease, this.#tried);
        if (outcome.kind !== 'failed') return;
        turn.letGo();
        if (!this.#mayGoOn(outcome.why, lease.account.id)) break;
      } else {
        this.#refusal = lease;
        turn.noteDecision(lease.decision);
        if (!this.#moveOn() && !(await this.#waitFor(lease))) break;
      }
    }
    if (!turn.clientLeft) answer.fail(turnError(this.#services, this.#plan, this.#last, this.#refusal));
  }

  /** Whether another account, or this one again, may do better. */
  #mayGoOn(why: Classification, accountId: string): boolean {
    this.#last = why;
    if (why.blame === 'network') this.#networkFailures += 1;
    if (why.code === UNREADABLE_CIPHERTEXT && this.#plan.ties.distrustUnknown()) {
      this.#tried.delete(accountId);
      return true;
    }
    return why.retry !== 'none' && this.#networkFailures < MAX_NETWORK_FAILURES;
  }

  /** The owner cannot serve: the turn goes on without it if the request says everything itself. */
  #moveOn(): boolean {
    const { ties } = this.#plan;
    if (this.#services.selector.holdsContinuations) return false;
    if (ties.binding.grade !== 'must' || ties.obstacle() !== null) return false;
    ties.release();
    return true;
  }

  /** Nobody else can serve, but an account comes back so soon that the client can wait; keepalives go out meanwhile. */
  async #waitFor({ returnsAtMs }: Refusal): Promise<boolean> {
    const { turn } = this.#plan;
    if (returnsAtMs === null) return false;
    const waitMs = Math.max(0, returnsAtMs - this.#services.now()) + AFTER_RESET_MS;
    const leftMs = Math.min(LONGEST_WAIT_MS - this.#waitedMs, this.#services.budgetMs - turn.elapsedMs());
    if (waitMs > leftMs) return false;
    this.#waitedMs += waitMs;
    this.#tried.clear();
    return pauseUnlessCancelled(this.#services.timers, waitMs, turn.cancel.signal);
  }
}

/** Upstream's word for ciphertext that another account, or nobody, made. */
const UNREADABLE_CIPHERTEXT = 'invalid_encrypted_content';
