/**
 * Why a request went where it went. Taken at the moment of the decision as bare numbers of at most 20 accounts; names and
 * order are made when the record is written down, off the request's path.
 */
import type { CandidateNote, DecisionNote } from '../../contract/decision-note';
import type { RoutingStrategy } from '../../contract/routing';
import type { SidelinedAccount } from '../ports';
import { reserveOf } from './eligibility';
import type { PoolCandidate } from './pool-candidate';
import type { Binding } from './routing-ports';
import type { RefusalReason, Selection } from './selection';
import { accountWeight, headroomOf } from './strategies/headroom-of';
import { STRATEGIES } from './strategies/strategy-table';
import type { PartName, StrategyState } from './strategies/strategy';
import { shownCandidates } from './shown-candidates';

/** What the record is about. */
export interface DecisionFacts {
  readonly strategy: RoutingStrategy;
  readonly binding: Binding;
  readonly model: string | null;
  readonly estimatedInputTokens: number | null;
  /** Tokens in the bound account's cache; `null` = not known. */
  readonly warmTokens: number | null;
  readonly isReleased: boolean;
  readonly lockPoolActive: boolean;
  /** `null` = somebody serves. */
  readonly refusal: RefusalReason | null;
  /** Accounts that are out of rotation. */
  readonly sidelined: readonly SidelinedAccount[];
}

/** Design §11. */
export const MOST_CANDIDATES = 20;
/** Digits of scores and shares that are kept. */
const PRECISION = 1e4;

const PARTS: Readonly<Record<PartName, (candidate: PoolCandidate, state: StrategyState) => number>> = {
  headroom: (candidate, { rules }) => headroomOf(candidate, rules),
  weight: accountWeight,
  inflight: ({ inflight }) => inflight,
  firstEventMs: ({ firstEventMs }) => firstEventMs,
  errorRate: ({ errorRate }) => errorRate,
  troubleRate: ({ troubleRate }) => troubleRate,
  cost: ({ cost }) => cost,
  resetInMs: ({ resetAtMs }, { nowMs }) => Math.max(0, resetAtMs - nowMs),
};

export class DecisionRecord {
  readonly atMs: number;
  readonly strategy: RoutingStrategy;
  /** Whether the account that serves is the one the request belongs to. */
  readonly sticky: boolean;
  /** What the strategy made of the account that serves; `null` when it was not asked. */
  readonly score: number | null;
  readonly #facts: DecisionFacts;
  /** Somebody else serves than the account the request belongs to. */
  readonly #hasMoved: boolean;
  readonly #considered: number;
  readonly #eligible: number;
  readonly #ids: string[] = [];
  readonly #codes: string[] = [];
  /** Per account: the number of its reason, its score, its parts; NaN = none. */
  readonly #figures: Float64Array;

  constructor(facts: DecisionFacts, selection: Selection, state: StrategyState) {
    const { binding, strategy } = facts;
    const { candidates, chosen, choice } = selection;
    this.#facts = facts;
    this.atMs = state.nowMs;
    this.strategy = strategy;
    this.sticky = chosen !== null && binding.grade !== 'free' && chosen.id === binding.accountId;
    this.#hasMoved = chosen !== null && binding.accountId !== null && !this.sticky;
    this.score = choice === null ? null : finite(choice.scores[choice.index] ?? NaN);
    this.#considered = candidates.length;
    this.#eligible = selection.eligible.length;
    const shown = shownCandidates(selection, binding, MOST_CANDIDATES);
    const names = STRATEGIES[strategy].parts;
    this.#figures = new Float64Array(shown.length * (2 + names.length));
    let at = 0;
    for (const candidate of shown) {
      const code = codeOf(selection, candidate, binding);
      this.#ids.push(candidate.id);
      this.#codes.push(code);
      this.#figures[at] = reasonNumber(code, candidate, facts.model, state.nowMs);
      this.#figures[at + 1] = selection.scoreOf(candidate);
      at += 2;
      for (const name of names) {
        this.#figures[at] = PARTS[name](candidate, state);
        at += 1;
      }
    }
  }

  /** The record as it is stored; called by `JSON.stringify` when the row is written. */
  toJSON(): DecisionNote {
    const { binding, refusal, model, strategy, sidelined, estimatedInputTokens, lockPoolActive } = this.#facts;
    const { warmTokens, isReleased } = this.#facts;
    const candidates = [...this.#rows(), ...this.#absent(sidelined, binding)].slice(0, MOST_CANDIDATES);
    return {
      v: 1,
      atMs: this.atMs,
      strategy,
      grade: binding.grade,
      boundBy: this.#codes.includes('pinned') ? 'pin' : (binding.boundBy ?? (lockPoolActive ? 'lock_pool' : null)),
      boundTo: binding.accountId,
      refusal,
      model,
      inputTokens: estimatedInputTokens,
      lostTokens: this.#hasMoved ? warmTokens : null,
      released: isReleased,
      considered: this.#considered + sidelined.length,
      eligible: this.#eligible,
      parts: [...STRATEGIES[strategy].parts],
      candidates,
    };
  }

  #rows(): CandidateNote[] {
    const width = this.#figures.length / Math.max(1, this.#ids.length);
    return this.#ids.map((id, i) => {
      const [value, ...figures] = this.#figures.subarray(i * width, (i + 1) * width);
      return [id, this.#codes[i] ?? '', finite(value ?? NaN), ...figures.map(rounded)];
    });
  }

  /** Accounts that are not in rotation, and the bound one when it is not in the pool at all. */
  #absent(sidelined: readonly SidelinedAccount[], { accountId }: Binding): CandidateNote[] {
    const rows = sidelined.map(({ id, status, untilMs }): CandidateNote => [id, status, untilMs, null]);
    const isThere = accountId === null || this.#ids.includes(accountId) || rows.some(([id]) => id === accountId);
    return isThere ? rows : [[accountId, 'gone', null, null], ...rows];
  }
}

/** The account's reason code: see `contract/decision-note.ts` for what each one says. */
function codeOf(selection: Selection, candidate: PoolCandidate, { grade, accountId }: Binding): string {
  if (candidate === selection.chosen) return selection.chosenBy;
  if (candidate.exclusion !== null) return candidate.exclusion;
  if (grade === 'must' && candidate.id !== accountId) return 'not_bound';
  const isReserve = candidate.rank > selection.lowestRank || selection.eligible.length === 0;
  return isReserve ? reserveOf(candidate.rank) : 'eligible';
}

/** The number that its reason speaks of: a time (UTC ms), a percentage or a count. */
function reasonNumber(code: string, candidate: PoolCandidate, model: string | null, nowMs: number): number {
  if (code === 'busy') return candidate.policy.maxConcurrent ?? NaN;
  if (code === 'limited') return candidate.verdict.kind === 'limited' ? candidate.verdict.untilMs : NaN;
  if (code === 'above_ceiling') return candidate.policy.maxUsedPercent ?? NaN;
  if (code === 'cooling') return candidate.coolingUntilMs;
  return code === 'model_refused' ? candidate.signals.refusedUntilMs(model, nowMs) : NaN;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * PRECISION) / PRECISION : null;
}
