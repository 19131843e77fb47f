/** Series over time for charts. */

interface Dated {
  readonly atMs: number;
}

/** Puts a `null` row wherever more than one bucket is missing, so that a line does not bridge what nobody measured. */
export function withGaps<T extends Dated>(
  points: readonly T[],
  bucketMs: number,
): { readonly times: readonly number[]; readonly rows: readonly (T | null)[] } {
  const times: number[] = [];
  const rows: (T | null)[] = [];
  let before: number | null = null;
  for (const point of points) {
    if (before !== null && point.atMs - before > 2 * bucketMs) {
      times.push(before + bucketMs);
      rows.push(null);
    }
    times.push(point.atMs);
    rows.push(point);
    before = point.atMs;
  }
  return { times, rows };
}
