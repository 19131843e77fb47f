/**
 * Who serves: picks the account for an attempt and takes its lease in one synchronous step, so that no two requests decide on the
 * same figures. Explains every decision, and learns from how each lease ended.
 */
import type { DecisionNote } from '../../contract/decision-note';
import type { AccountPool, PoolAccount } from '../ports';
import type { AccountSignals } from './account-signals';
import { DecisionRecord } from './decision-record';
import { Moment } from './pool-candidate';
import { PoolSignals, type LeaseOutcome } from './pool-signals';
import { NO_POLICIES, PoolView } from './pool-view';
import { NO_QUOTA, type AccountPolicies, type Binding, type QuotaSource, type RoutingRules } from './routing-ports';
import { returnOf, Selection, type RefusalReason } from './selection';
import type { StrategyState } from './strategies/strategy';
import { STRATEGIES } from './strategies/strategy-table';
import { TurnMemory } from './strategies/turn-memory';

export interface LeaseRequest {
  readonly model: string | null;
  /** Accounts that failed in this turn. */
  readonly excluded: ReadonlySet<string>;
  /** The accounts that the caller's API key is bound to; left out or `null` = any. */
  readonly allowed?: ReadonlySet<string> | null;
  readonly binding: Binding;
  readonly estimatedInputTokens?: number;
  /** Tokens that the bound account keeps in its cache for the conversation, which a move throws away; left out = not known. */
  readonly warmTokens?: number | null;
  /** The request had to go to one account; by proof it says everything itself, and may go elsewhere. */
  readonly isReleased?: boolean;
  /** How long the client can still wait for its first event, ms; left out = 1000 (spec/proxy.md 6.6 "deadline_aware"). */
  readonly slackMs?: number;
}

/** An account's slot for one attempt. */
export interface Lease {
  readonly kind: 'leased';
  readonly account: PoolAccount;
  readonly decision: DecisionRecord;
  /** Gives the slot back and tells how it went. Only the first call counts. */
  release(outcome: LeaseOutcome): void;
}

/** Nobody can serve. */
export interface Refusal {
  readonly kind: 'refused';
  readonly reason: RefusalReason;
  /** When an account that could serve comes back, UTC ms; `null` = not known. */
  readonly returnsAtMs: number | null;
  readonly decision: DecisionRecord;
}

/** What a request would get now. */
export interface Preview {
  readonly account: PoolAccount | null;
  readonly returnsAtMs: number | null;
  readonly note: DecisionNote;
}

export interface Selector {
  /** Picks and leases in one step. */
  lease(request: LeaseRequest): Lease | Refusal;
  /** The same decision without taking anything. */
  preview(request: LeaseRequest): Preview;
  /** Whether somebody could serve this request now. */
  canServe(request: LeaseRequest): boolean;
  /** Turns in flight on this account. */
  inflight(accountId: string): number;
  /** Name of the strategy that is set. */
  readonly strategy: string;
  /** What must stay on its account fails rather than moves, proof or not (setting `strictLockPoolContinuations`). */
  readonly holdsContinuations: boolean;
}

export interface SelectorParts {
  readonly pool: Pick<AccountPool, 'usable' | 'sidelined'>;
  /** The settings as they are; another object after every change. */
  readonly rules: () => RoutingRules;
  /** UTC ms. */
  readonly now: () => number;
  /** 0 … 1, 1 excluded. */
  readonly random: () => number;
  /** Left out = nothing is known of anybody's quota. */
  readonly quota?: QuotaSource;
  /** Left out = nobody has set anything for any account. */
  readonly policies?: AccountPolicies;
}

/** spec/proxy.md 6.6 "deadline_aware". */
const USUAL_SLACK_MS = 1000;

export function createSelector(parts: SelectorParts): Selector {
  return new PoolSelector(parts);
}

class PoolSelector implements Selector {
  readonly #parts: SelectorParts;
  readonly #signals: PoolSignals;
  readonly #moment: Moment;
  readonly #view: PoolView;
  readonly #selection = new Selection();
  #memory = new TurnMemory();
  #memoryOf: string | null = null;

  constructor(parts: SelectorParts) {
    this.#parts = parts;
    this.#signals = new PoolSignals(parts.random);
    this.#moment = new Moment(this.#signals.times);
    const { pool, policies = NO_POLICIES, quota = NO_QUOTA } = parts;
    this.#view = new PoolView(pool, policies, quota, this.#signals, this.#moment);
  }

  get strategy(): string {
    return this.#parts.rules().strategy;
  }

  get holdsContinuations(): boolean {
    return this.#parts.rules().strictContinuations;
  }

  lease(request: LeaseRequest): Lease | Refusal {
    const state = this.#select(request);
    const { chosen, choice, eligible } = this.#selection;
    const decision = this.#record(request, state);
    if (chosen === null) {
      const reason = this.#selection.refusal(request.binding);
      return { kind: 'refused', reason, returnsAtMs: this.#returnsAtMs(request, state.nowMs), decision };
    }
    if (choice !== null) STRATEGIES[this.#parts.rules().strategy].remember?.(eligible, choice, state);
    this.#memory.took(chosen.slot);
    chosen.signals.inflight += 1;
    return new HeldLease(chosen.account, decision, (outcome) => this.#takeBack(chosen.signals, request.model, outcome));
  }

  preview(request: LeaseRequest): Preview {
    const state = this.#select(request);
    const account = this.#selection.chosen?.account ?? null;
    return {
      account,
      returnsAtMs: account === null ? this.#returnsAtMs(request, state.nowMs) : null,
      note: this.#record(request, state).toJSON(),
    };
  }

  canServe(request: LeaseRequest): boolean {
    this.#select(request);
    return this.#selection.chosen !== null;
  }

  inflight(accountId: string): number {
    return this.#signals.get(accountId)?.inflight ?? 0;
  }

  #select(request: LeaseRequest): StrategyState {
    const nowMs = this.#parts.now();
    const rules = this.#parts.rules();
    this.#moment.begin(nowMs, request.model, rules.prices);
    for (const slot of this.#view.update(nowMs, rules)) this.#memory.forget(slot);
    if (rules.strategy !== this.#memoryOf) {
      // What another strategy remembers means nothing to this one (spec/proxy.md 6.5).
      this.#memory = new TurnMemory();
      this.#memoryOf = rules.strategy;
    }
    const selection = this.#selection;
    selection.survey(this.#view, request, nowMs, rules.lockPool.size > 0);
    const state: StrategyState = {
      nowMs,
      rules,
      random: this.#parts.random,
      slackMs: request.slackMs ?? USUAL_SLACK_MS,
      memory: this.#memory,
      scores: selection.scores,
    };
    selection.choose(request, this.#view, STRATEGIES[rules.strategy], state);
    return state;
  }

  #record(request: LeaseRequest, state: StrategyState): DecisionRecord {
    const { binding, model, estimatedInputTokens, warmTokens = null, isReleased = false } = request;
    const { strategy, lockPool } = this.#parts.rules();
    const facts = {
      strategy,
      binding,
      model,
      estimatedInputTokens: estimatedInputTokens ?? null,
      warmTokens,
      isReleased,
      lockPoolActive: lockPool.size > 0,
      refusal: this.#selection.chosen === null ? this.#selection.refusal(binding) : null,
      sidelined: this.#parts.pool.sidelined?.(state.nowMs) ?? [],
    };
    return new DecisionRecord(facts, this.#selection, state);
  }

  /** Nearest return of anybody who could serve; of the owner alone when the request must go there. */
  #returnsAtMs({ binding, allowed = null }: LeaseRequest, nowMs: number): number | null {
    const { lockPool } = this.#parts.rules();
    const { grade, accountId } = binding;
    const counts = (id: string): boolean =>
      (grade !== 'must' || id === accountId) && (allowed === null || allowed.has(id));
    const isLockedOut = (id: string): boolean => lockPool.size > 0 && !lockPool.has(id);
    let nearest = Infinity;
    for (const candidate of this.#view.candidates) {
      if (counts(candidate.id)) nearest = Math.min(nearest, returnOf(candidate));
    }
    for (const { id, untilMs } of this.#parts.pool.sidelined?.(nowMs) ?? []) {
      if (untilMs !== null && counts(id) && !isLockedOut(id)) nearest = Math.min(nearest, untilMs);
    }
    return nearest === Infinity ? null : nearest;
  }

  #takeBack(account: AccountSignals, model: string | null, outcome: LeaseOutcome): void {
    account.inflight -= 1;
    this.#signals.learn(account, model, outcome, this.#view.signals, this.#parts.now());
  }
}

class HeldLease implements Lease {
  readonly kind = 'leased';
  #held = true;

  constructor(
    readonly account: PoolAccount,
    readonly decision: DecisionRecord,
    private readonly takeBack: (outcome: LeaseOutcome) => void,
  ) {}

  release(outcome: LeaseOutcome): void {
    if (!this.#held) return;
    this.#held = false;
    this.takeBack(outcome);
  }
}
