/** Windows for tests of figures. */
import type { FigureName, MeasuredWindow } from '../../bench/figures/measured-window';
import type { TargetName } from '../../bench/targets/target';

/** One window per value, in rounds 0, 1, 2 … */
export function windowsOf(target: TargetName, figure: FigureName, values: readonly number[]): MeasuredWindow[] {
  return values.map((value, round) => {
    return { target, round, figures: { [figure]: value }, problems: {}, otherShare: 0, stealShare: 0 };
  });
}
