/**
 * Durations in logarithmic buckets: each is 10 % wider than the one before, so a percentile out of them is at most 5 %
 * off, and the buckets of two hours add up.
 */

const GROWTH = Math.log(1.1);
/** 24 hours; longer ones count as that. */
const MAX_MS = 86_400_000;

/** Turns by bucket. */
export type LatencyBuckets = ReadonlyMap<number, number>;

/** Bucket of a duration in ms; 0 holds everything below 1 ms. */
export function bucketOf(ms: number): number {
  return ms < 1 ? 0 : Math.floor(Math.log(Math.min(ms, MAX_MS)) / GROWTH) + 1;
}

/** The middle of a bucket, ms. */
export function middleOf(bucket: number): number {
  return bucket === 0 ? 0 : Math.round(Math.exp((bucket - 0.5) * GROWTH));
}

/** The duration that this share (0 … 1) of the turns stayed within, ms; `null` without turns. */
export function percentile(buckets: LatencyBuckets, share: number): number | null {
  const total = [...buckets.values()].reduce((sum, turns) => sum + turns, 0);
  let left = Math.max(1, Math.ceil(total * share));
  for (const [bucket, turns] of [...buckets].sort(([a], [b]) => a - b)) {
    left -= turns;
    if (left <= 0) return middleOf(bucket);
  }
  return null;
}
