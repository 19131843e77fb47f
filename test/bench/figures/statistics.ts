/** The few statistics of the bench: medians and ranges of paired windows. */
import type { TargetName } from '../targets/target';
import type { FigureName, MeasuredWindow } from './measured-window';

/** A median with its range. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** How two targets are compared. */
export type Relation = 'ratio' | 'difference';

/** Throws RangeError when there is nothing. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new RangeError('no values');
  return {
    median: (lower + upper) / 2,
    min: sorted[0] ?? upper,
    max: sorted[sorted.length - 1] ?? upper,
    count: sorted.length,
  };
}

/** A figure of one target over all rounds; `null` when it was not measured. */
export function figureSpread(
  windows: readonly MeasuredWindow[],
  target: TargetName,
  figure: FigureName,
): Spread | null {
  const values = windows.filter((window) => window.target === target).map((window) => window.figures[figure]);
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : spread(known);
}

/**
 * Compares two targets round by round.
 * @returns spread of `subject / other` or `subject − other`; `null` when no round has both
 */
export function pairedSpread(
  windows: readonly MeasuredWindow[],
  pair: { readonly subject: TargetName; readonly other: TargetName },
  figure: FigureName,
  relation: Relation,
): Spread | null {
  const others = new Map<number, number>();
  for (const { target, round, figures } of windows) {
    const value = figures[figure];
    if (target === pair.other && value !== undefined) others.set(round, value);
  }
  const values: number[] = [];
  for (const { target, round, figures } of windows) {
    const value = figures[figure];
    const other = others.get(round);
    if (target !== pair.subject || value === undefined || other === undefined) continue;
    if (relation === 'difference') values.push(value - other);
    else if (other !== 0) values.push(value / other);
  }
  return values.length === 0 ? null : spread(values);
}
