/** What this process has seen of one account: load, failures, refused models. Nothing of it is stored. */
import { DecayingRate } from './decaying-rate';

/** Failures fade by half in this time: 5 minutes. */
const ERROR_HALF_LIFE_MS = 300_000;
/** How much one attempt counts in the error rates. */
const ERROR_SAMPLE_WEIGHT = 0.1;
/** How long an account that said it lacks a model is not asked for it ("some minutes", spec/proxy.md 6.2): 10 minutes. */
const REFUSAL_MS = 600_000;
/** Model names come from clients; this many refusals are remembered per account. */
const MOST_REFUSALS = 64;

/** Classes of failure that are counted: the account's own fault, the upstream's, and the way there. */
export type FailureClass = 'account' | 'upstream' | 'network';

export class AccountSignals {
  /** Turns in flight. */
  inflight = 0;
  /** Rests after failures until then, UTC ms; see `cooldowns.ts`. */
  coolingUntilMs = 0;
  /** Failures in close succession that it rests for. */
  strikes = 0;
  /** The last failure that was not the account's fault, UTC ms, and its class. */
  troubleAtMs = -Infinity;
  troubleClass: FailureClass | null = null;
  readonly #errors: Readonly<Record<FailureClass, DecayingRate>> = {
    account: new DecayingRate(ERROR_HALF_LIFE_MS, ERROR_SAMPLE_WEIGHT),
    upstream: new DecayingRate(ERROR_HALF_LIFE_MS, ERROR_SAMPLE_WEIGHT),
    network: new DecayingRate(ERROR_HALF_LIFE_MS, ERROR_SAMPLE_WEIGHT),
  };
  #refusals: Map<string, number> | null = null;

  constructor(
    readonly id: string,
    /** Index of this account in columns of figures. */
    readonly slot: number,
  ) {}

  /** An attempt went well: a sample for every class. */
  succeeded(model: string | null, nowMs: number): void {
    this.#errors.account.add(0, nowMs);
    this.#errors.upstream.add(0, nowMs);
    this.#errors.network.add(0, nowMs);
    if (model !== null) this.#refusals?.delete(model);
  }

  /** An attempt failed; the other classes learn nothing from it. */
  failed(failure: FailureClass, nowMs: number): void {
    this.#errors[failure].add(1, nowMs);
  }

  /** The account said that it does not serve this model. */
  refused(model: string, nowMs: number): void {
    this.#refusals ??= new Map();
    this.#refusals.delete(model);
    this.#refusals.set(model, nowMs + REFUSAL_MS);
    const [oldest] = this.#refusals.keys();
    if (this.#refusals.size > MOST_REFUSALS && oldest !== undefined) this.#refusals.delete(oldest);
  }

  /** When this model may be asked for again, UTC ms; 0 = now. */
  refusedUntilMs(model: string | null, nowMs: number): number {
    if (this.#refusals === null || model === null) return 0;
    const untilMs = this.#refusals.get(model) ?? 0;
    return untilMs > nowMs ? untilMs : 0;
  }

  /** Recent share of attempts that failed this way, 0 … 1. */
  errorRate(failure: FailureClass, nowMs: number): number {
    return this.#errors[failure].at(nowMs);
  }
}
