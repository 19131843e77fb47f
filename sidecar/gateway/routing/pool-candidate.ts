/** One account in rotation as eligibility and strategies see it: who it is, what is set for it, what was seen of it. */
import type { PoolAccount } from '../ports';
import type { AccountSignals } from './account-signals';
import type { Candidate } from './candidate';
import { RANKS, type Exclusion, type Rank, type Standing } from './eligibility';
import type { FirstEventTimes, TimesColumn } from './first-event-times';
import { relativeCost } from './routing-cost';
import type { AccountPolicy, AccountQuota, QuotaUse, QuotaVerdict, RoutingRules } from './routing-ports';
import { clamp01 } from './strategies/headroom-of';

/** What all candidates of one selection have in common. Set before each selection, so that figures are read only when asked for. */
export class Moment {
  nowMs = 0;
  model: string | null = null;
  column: TimesColumn = null;
  #prices: RoutingRules['prices'] | null = null;
  readonly #costs = new Map<string | null, number>();

  constructor(readonly times: FirstEventTimes) {}

  begin(nowMs: number, model: string | null, prices: RoutingRules['prices']): void {
    if (model !== this.model || prices !== this.#prices) this.#costs.clear();
    this.nowMs = nowMs;
    this.model = model;
    this.#prices = prices;
    this.column = this.times.column(model);
  }

  /** Relative cost of a plan for the model of this moment. */
  costOf(plan: string | null): number {
    const known = this.#costs.get(plan);
    if (known !== undefined) return known;
    const cost = relativeCost(plan, this.model, this.#prices ?? new Map());
    this.#costs.set(plan, cost);
    return cost;
  }
}

/** Used shares change slowly; they are asked for again after this, ms. Whether a limit is reached is asked every time. */
const USE_HELD_MS = 1000;

/** What is fixed for an account until the pool, a policy or the settings change. */
export interface CandidateParts {
  readonly account: PoolAccount;
  readonly signals: AccountSignals;
  readonly policy: AccountPolicy;
  readonly quota: AccountQuota;
  readonly inLockPool: boolean;
  /** Index among all candidates. */
  readonly place: number;
  readonly moment: Moment;
}

export class PoolCandidate implements Candidate, Standing {
  readonly id: string;
  readonly slot: number;
  readonly account: PoolAccount;
  readonly signals: AccountSignals;
  readonly policy: AccountPolicy;
  readonly inLockPool: boolean;
  readonly place: number;
  verdict: QuotaVerdict;
  use: QuotaUse;
  shortUsed = 0;
  longUsed = 0;
  resetAtMs = Infinity;
  // How it stands in the present selection; the next one writes all of it anew.
  exclusion: Exclusion | null = null;
  rank: Rank = RANKS.none;
  /** Among those given to the strategy, when its rank is the lowest. */
  index = -1;
  readonly #quota: AccountQuota;
  readonly #moment: Moment;
  #usedAtMs: number;

  constructor(parts: CandidateParts) {
    this.id = parts.account.id;
    this.slot = parts.signals.slot;
    this.account = parts.account;
    this.signals = parts.signals;
    this.policy = parts.policy;
    this.inLockPool = parts.inLockPool;
    this.place = parts.place;
    this.#quota = parts.quota;
    this.#moment = parts.moment;
    this.#usedAtMs = parts.moment.nowMs;
    this.verdict = parts.quota.verdictAt(parts.moment.model, parts.moment.nowMs);
    this.use = parts.quota.useAt(parts.moment.nowMs);
    this.#readUse();
  }

  get inflight(): number {
    return this.signals.inflight;
  }

  get coolingUntilMs(): number {
    return this.signals.coolingUntilMs;
  }

  get firstEventMs(): number {
    return this.#moment.times.at(this.#moment.column, this.slot, this.#moment.nowMs);
  }

  get errorRate(): number {
    return this.signals.errorRate('account', this.#moment.nowMs);
  }

  /** Recent share of attempts that failed by the upstream or the network: what rests are taken for, no strategy counts it. */
  get troubleRate(): number {
    const { nowMs } = this.#moment;
    return clamp01(this.signals.errorRate('upstream', nowMs) + this.signals.errorRate('network', nowMs));
  }

  get cost(): number {
    return this.#moment.costOf(this.account.planType);
  }

  /** Asks for the limits at this moment. */
  askQuota(): void {
    const { nowMs, model } = this.#moment;
    this.verdict = this.#quota.verdictAt(model, nowMs);
    const ageMs = nowMs - this.#usedAtMs;
    if (ageMs >= 0 && ageMs < USE_HELD_MS) return;
    this.#usedAtMs = nowMs;
    this.use = this.#quota.useAt(nowMs);
    this.#readUse();
  }

  /** spec/proxy.md 6.4: short not known = 0, long not known = short. */
  #readUse(): void {
    const { shortPercent, longPercent, resetAtMs } = this.use;
    this.shortUsed = clamp01((shortPercent ?? 0) / 100);
    this.longUsed = longPercent === null ? this.shortUsed : clamp01(longPercent / 100);
    this.resetAtMs = resetAtMs ?? Infinity;
  }
}
