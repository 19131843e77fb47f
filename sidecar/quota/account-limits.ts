/** One account's limits as routing asks for them in every selection: held figures and a comparison with the clock. */
import { ACCOUNT_FAMILY } from './limit-families';
import { familyOf, type QuotaSnapshot } from './quota-snapshot';
import { verdictAt, type Judgement, type QuotaVerdict } from './quota-verdict';

/** Used share of the windows, percent 0 to 100; `null` = not known. `long` = the longest but the short one. */
export interface LimitUse {
  readonly shortPercent: number | null;
  readonly longPercent: number | null;
  /** The nearest reset that lies ahead, UTC ms. */
  readonly resetAtMs: number | null;
}

/** What is known now; replaced whole by every change. */
export interface KnownLimits {
  readonly snapshot: QuotaSnapshot;
  readonly judgement: Judgement;
}

export class AccountLimits {
  readonly #known: KnownLimits;

  /** @param known read anew at every question */
  constructor(known: KnownLimits) {
    this.#known = known;
  }

  /** Allocates nothing. `null` = any model without a limit of its own. */
  verdictAt(model: string | null, nowMs: number): QuotaVerdict {
    return verdictAt(this.#known.judgement, model, nowMs);
  }

  /** A window whose reset has passed is unused. */
  useAt(nowMs: number): LimitUse {
    let shortPercent: number | null = null;
    let longPercent: number | null = null;
    let resetAtMs: number | null = null;
    for (const window of familyOf(this.#known.snapshot, ACCOUNT_FAMILY)?.windows ?? []) {
      const elapsed = window.resetAtMs !== null && window.resetAtMs <= nowMs;
      const percent = elapsed ? 0 : window.usedPercent;
      if (window.class === 'short') shortPercent = percent;
      else longPercent = Math.max(longPercent ?? 0, percent);
      if (window.resetAtMs !== null && !elapsed) resetAtMs = Math.min(resetAtMs ?? Infinity, window.resetAtMs);
    }
    return { shortPercent, longPercent, resetAtMs };
  }
}
