/**
 * Chooses the account for one request: eligibility, then what binds, then the strategy (spec/proxy.md 6.3, design §3). Reads
 * everything, changes nothing that outlasts it; the selector carries the choice out.
 */
import { exclusionOf, isHealthy, rankOf, RANKS, type Ask, type Rank } from './eligibility';
import type { PoolCandidate } from './pool-candidate';
import type { PoolView } from './pool-view';
import type { Binding } from './routing-ports';
import type { Choice, Strategy, StrategyState } from './strategies/strategy';

/** Why nobody can serve. */
export type RefusalReason =
  /** The one account that could is not able to. */
  | 'owner_unavailable'
  /** No account is in rotation. */
  | 'none_usable'
  /** Everybody who could has failed in this turn. */
  | 'all_tried'
  /** Everybody has as many turns in flight as a person allows. */
  | 'all_busy'
  /** Everybody is at a limit of quota. */
  | 'all_limited'
  /** Nobody of the lock pool is in rotation. */
  | 'lock_pool_out'
  /** Nobody of those that the caller's API key is bound to is in rotation. */
  | 'key_accounts_out';

/** How the account came to be chosen. */
export type ChosenBy = 'bound' | 'pinned' | 'picked';

export interface SelectionRequest {
  readonly model: string | null;
  readonly excluded: ReadonlySet<string>;
  /** Left out or `null` = any account. */
  readonly allowed?: ReadonlySet<string> | null;
  readonly binding: Binding;
}

const FIRST_ROOM = 64;

/** One selection after the other; nothing is allocated per account. */
export class Selection {
  candidates: readonly PoolCandidate[] = [];
  /** Candidates of the lowest rank: those who are given to the strategy. */
  readonly eligible: PoolCandidate[] = [];
  lowestRank: Rank = RANKS.none;
  chosen: PoolCandidate | null = null;
  chosenBy: ChosenBy = 'picked';
  /** What the strategy said; `null` when it was not asked. */
  choice: Choice | null = null;
  /** Room for the scores of all candidates. */
  scores = new Float64Array(FIRST_ROOM);

  /** Looks at everybody. */
  survey(view: PoolView, request: SelectionRequest, nowMs: number, lockPoolActive: boolean): void {
    const { candidates } = view;
    const { model, excluded, allowed = null, binding } = request;
    const ask: Ask = { excluded, allowed, lockPoolActive, isBound: binding.grade === 'must' };
    let lowest: Rank = RANKS.none;
    let count = 0;
    for (let i = 0; i < candidates.length; i += 1) {
      const candidate = candidates[i];
      if (candidate === undefined) break;
      candidate.askQuota();
      candidate.exclusion = exclusionOf(candidate, ask);
      candidate.rank =
        candidate.exclusion === null
          ? rankOf(candidate, candidate.signals.refusedUntilMs(model, nowMs), nowMs)
          : RANKS.none;
      if (candidate.rank > lowest || candidate.rank === RANKS.none) continue;
      if (candidate.rank < lowest) {
        lowest = candidate.rank;
        count = 0;
      }
      candidate.index = count;
      this.eligible[count] = candidate;
      count += 1;
    }
    // Who refused the model is asked only by a turn that has asked nobody yet: one answer that it cannot be had is enough.
    this.eligible.length = lowest === RANKS.model_refused && excluded.size > 0 ? 0 : count;
    this.lowestRank = lowest;
    this.candidates = candidates;
    this.chosen = null;
    this.choice = null;
    if (candidates.length > this.scores.length) this.scores = new Float64Array(candidates.length * 2);
  }

  /** Chooses among those surveyed. `state.scores` must be `this.scores`. */
  choose({ binding, excluded }: SelectionRequest, view: PoolView, strategy: Strategy, state: StrategyState): void {
    const owner = binding.accountId === null ? undefined : view.get(binding.accountId);
    const { pinned } = view;
    if (binding.grade === 'must') {
      this.#take(owner !== undefined && canServe(owner, excluded) ? owner : null, 'bound');
    } else if (pinned !== null && canServe(pinned, excluded)) {
      this.#take(pinned, 'pinned');
    } else if (binding.grade === 'should' && owner !== undefined && isHealthy(owner.rank)) {
      this.#take(owner, 'bound');
    } else if (this.eligible.length > 0) {
      this.choice = strategy.pick(this.eligible, state);
      this.#take(this.eligible[this.choice.index] ?? null, 'picked');
    }
  }

  /** The strategy's score of a candidate; NaN = it was not given to the strategy. */
  scoreOf({ rank, index }: PoolCandidate): number {
    return this.choice === null || rank !== this.lowestRank ? NaN : (this.choice.scores[index] ?? NaN);
  }

  /** Why `choose` found nobody. */
  refusal(binding: Binding): RefusalReason {
    if (binding.grade === 'must') return 'owner_unavailable';
    if (this.candidates.length === 0) return 'none_usable';
    const reasons = new Set(this.candidates.map(({ exclusion }) => exclusion));
    if (reasons.has('busy')) return 'all_busy';
    // Who was tried and is at its limit since then would be limited the next time.
    const hasSpent = this.candidates.some(
      ({ exclusion, verdict }) => exclusion === 'tried' && verdict.kind === 'limited',
    );
    if (hasSpent || reasons.has('limited') || reasons.has('above_ceiling')) return 'all_limited';
    if (reasons.has('outside_key_scope') && !reasons.has('tried')) return 'key_accounts_out';
    return reasons.has('outside_lock_pool') && !reasons.has('tried') ? 'lock_pool_out' : 'all_tried';
  }

  #take(candidate: PoolCandidate | null, by: ChosenBy): void {
    this.chosen = candidate;
    this.chosenBy = by;
  }
}

/** Whether an account may serve, as the only one who is asked. */
function canServe({ rank }: PoolCandidate, excluded: ReadonlySet<string>): boolean {
  return rank < RANKS.model_refused || (rank === RANKS.model_refused && excluded.size === 0);
}

/** When a limit of quota that keeps a candidate out passes, UTC ms; Infinity = there is none, or nobody knows. */
export function returnOf({ exclusion, verdict, resetAtMs }: PoolCandidate): number {
  if (exclusion === 'outside_lock_pool' || exclusion === 'outside_key_scope') return Infinity;
  if (exclusion === 'above_ceiling') return resetAtMs;
  return verdict.kind === 'limited' ? verdict.untilMs : Infinity;
}
