/** Distribution of times: fixed memory, no allocation per value, about 0.4 % resolution. */

/** Values are kept in tenths of a microsecond. */
const UNITS_PER_MICRO = 10;
/** Values below this many units have a bucket each; above, every octave has half as many buckets. */
const LINEAR = 512;
const HALF = LINEAR / 2;
const HALF_BITS = Math.log2(HALF);
const LARGEST = 2 ** 31 - 1;
const OCTAVES = 31 - HALF_BITS;

/** What is kept of a histogram between processes and in the results file. All times in microseconds. */
export interface Distribution {
  readonly count: number;
  readonly meanMicros: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  readonly maxMicros: number;
}

export class Histogram {
  readonly #buckets = new Uint32Array(LINEAR + OCTAVES * HALF);
  #count = 0;
  #sum = 0;
  #max = 0;

  /** Negative values, as clocks may give by a hair, count as 0; the longest time is 214 s. */
  record(micros: number): void {
    const units = Math.min(LARGEST, Math.max(0, Math.round(micros * UNITS_PER_MICRO)));
    const bucket = bucketOf(units);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += units;
    if (units > this.#max) this.#max = units;
  }

  reset(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#max = 0;
  }

  /** The value that `share` (0 to 1) of all values do not exceed, in microseconds; 0 when empty. */
  percentileMicros(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < this.#buckets.length; bucket += 1) {
      seen += this.#buckets[bucket] ?? 0;
      if (seen >= rank && this.#count > 0) return Math.min(this.#max, middleOf(bucket)) / UNITS_PER_MICRO;
    }
    return 0;
  }

  summary(): Distribution {
    return {
      count: this.#count,
      meanMicros: this.#count === 0 ? 0 : this.#sum / this.#count / UNITS_PER_MICRO,
      p50Micros: this.percentileMicros(0.5),
      p99Micros: this.percentileMicros(0.99),
      maxMicros: this.#max / UNITS_PER_MICRO,
    };
  }
}

function bucketOf(units: number): number {
  if (units < LINEAR) return units;
  const octave = 31 - Math.clz32(units) - HALF_BITS;
  return LINEAR + (octave - 1) * HALF + ((units >>> octave) - HALF);
}

function middleOf(bucket: number): number {
  if (bucket < LINEAR) return bucket;
  const octave = Math.floor((bucket - LINEAR) / HALF) + 1;
  const first = (((bucket - LINEAR) % HALF) + HALF) * 2 ** octave;
  return first + (2 ** octave - 1) / 2;
}
