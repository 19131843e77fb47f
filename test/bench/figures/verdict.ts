/** Compares what was measured with what is asked for. */
import { FAIL_FACTOR, type Goal } from '../floors';
import type { FigureName, MeasuredWindow } from './measured-window';
import { figureSpread, pairedSpread, type Spread } from './statistics';

export interface Verdict {
  readonly goal: Goal;
  readonly value: Spread;
  /** `null` = the goal has none. */
  readonly floorMet: boolean | null;
  readonly targetMet: boolean | null;
  /** So far below the floor that noise does not explain it. */
  readonly failed: boolean;
}

/** Verdict on one goal; `null` when what it needs was not measured. */
export function judge(goal: Goal, windows: readonly MeasuredWindow[]): Verdict | null {
  const value = measured(goal, windows);
  if (value === null) return null;
  const meets = (bound: number | null, factor = 1): boolean | null => {
    if (bound === null) return null;
    return goal.sense === 'at least' ? value.median >= bound * factor : value.median <= bound / factor;
  };
  return {
    goal,
    value,
    floorMet: meets(goal.floor),
    targetMet: meets(goal.target),
    failed: meets(goal.floor, FAIL_FACTOR) === false,
  };
}

function measured({ figure, against }: Goal, windows: readonly MeasuredWindow[]): Spread | null {
  if (against === null) return figureSpread(windows, 'tightrope', figure);
  const pair = { subject: 'tightrope', other: against.target } as const;
  const ratios = figuresFor(figure, against.target)
    .map((name) => pairedSpread(windows, pair, name, against.relation))
    .filter((ratio) => ratio !== null);
  return ratios.toSorted((a, b) => a.median - b.median)[0] ?? null;
}

/**
 * The load client is a Node program and cannot keep nginx busy: it then looks slower than it is. So against nginx the rate
 * per second of CPU time counts as well, and the worse of both is the figure.
 */
function figuresFor(figure: FigureName, against: string): readonly FigureName[] {
  return figure === 'rate' && against === 'nginx' ? ['rate', 'ratePerCore'] : [figure];
}
