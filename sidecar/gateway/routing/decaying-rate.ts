/** A rate in which what happened lately counts most, and which fades when nothing happens. */

/** What is left of 1 after a time: 2^(−age/half-life). A clock that was set back counts as no time. */
export function remaining(ageMs: number, halfLifeMs: number): number {
  return ageMs > 0 ? Math.exp((-Math.LN2 * ageMs) / halfLifeMs) : 1;
}

/** A rate below this is none: it changes no choice, and 0 is what most accounts have most of the time. */
const LEAST_RATE = 0.001;

/** An EWMA of 0 and 1 that also falls by half in every half-life without a sample. */
export class DecayingRate {
  #rate = 0;
  #atMs = 0;

  /** `halfLifeMs`: ms. `sampleWeight`: how much one sample counts, 0 … 1 (the α of spec/proxy.md 6.6). */
  constructor(
    private readonly halfLifeMs: number,
    private readonly sampleWeight: number,
  ) {}

  /** `nowMs` = UTC ms. The first sample counts no more than any other: one failure is not yet a rate of 100 %. */
  add(sample: 0 | 1, nowMs: number): void {
    const rate = this.at(nowMs);
    const next = rate + (sample - rate) * this.sampleWeight;
    this.#rate = next < LEAST_RATE ? 0 : next;
    this.#atMs = nowMs;
  }

  /** The rate as it reads now, 0 … 1. */
  at(nowMs: number): number {
    return this.#rate === 0 ? 0 : this.#rate * remaining(nowMs - this.#atMs, this.halfLifeMs);
  }
}
