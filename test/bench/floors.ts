/**
 * What the sidecar must reach (`floor`) and is to reach (`target`): the table of performance.md A5 as data. A change of a
 * number here is a decision and stands in the commit message.
 */
import type { FigureName } from './figures/measured-window';
import type { Relation } from './figures/statistics';
import type { TargetName } from './targets/target';

export interface Goal {
  readonly scenario: string;
  readonly figure: FigureName;
  /** What it is compared with; `null` = the figure itself counts. */
  readonly against: { readonly target: TargetName; readonly relation: Relation } | null;
  readonly sense: 'at least' | 'at most';
  readonly floor: number | null;
  readonly target: number | null;
}

const times = (target: TargetName): Goal['against'] => ({ target, relation: 'ratio' });
const over = (target: TargetName): Goal['against'] => ({ target, relation: 'difference' });

/** `[scenario, figure, against, sense, floor, target]` */
type Row = readonly [string, FigureName, Goal['against'], Goal['sense'], number | null, number | null];

const ROWS: readonly Row[] = [
  ['L200', 'p50Ms', times('pipe'), 'at most', 1.3, 1],
  ['L200', 'p50Ms', over('direct'), 'at most', null, 0.35],
  ['L1000', 'p50Ms', times('pipe'), 'at most', 1.3, 1],
  ['L1000', 'p50Ms', over('direct'), 'at most', null, 0.35],
  ['J1', 'rate', times('pipe'), 'at least', 1, 1.5],
  ['J32', 'rate', times('pipe'), 'at least', 1, 1.5],
  ['J32', 'rate', times('nginx'), 'at least', null, 0.22],
  ['J256', 'rate', times('pipe'), 'at least', 1, 1.5],
  ['J256', 'rate', times('nginx'), 'at least', null, 0.22],
  ['B64', 'rate', times('pipe'), 'at least', 0.9, 1.3],
  ['B256', 'rate', times('pipe'), 'at least', 0.9, 1.3],
  ['S1', 'rate', times('pipe'), 'at least', 1.5, null],
  ['S1', 'rate', times('nginx'), 'at least', null, 0.9],
  ['S2', 'cpuMicros', times('pipe'), 'at most', 1.15, null],
  ['S2', 'cpuMicros', times('nginx'), 'at most', null, 1.8],
  ['S2', 'delayP99Ms', null, 'at most', null, 15],
  ['S3', 'perStreamKb', null, 'at most', 60, 40],
  ['S3', 'openMb', null, 'at most', null, 110],
  ['S3', 'corePercent', null, 'at most', null, 25],
  ['XJ', 'rate', times('tightrope-bare'), 'at least', 0.6, 0.8],
  ['XS1', 'rate', times('tightrope-bare'), 'at least', 0.6, 0.95],
  ['U', 'startMs', null, 'at most', 1_500, 600],
  ['U', 'idleMb', null, 'at most', 120, 80],
  ['J32', 'rate', times('portkey'), 'at least', null, 10],
  ['J32', 'rate', times('better-ccflare'), 'at least', null, 15],
  ['S1', 'rate', times('portkey'), 'at least', null, 10],
  ['S1', 'rate', times('better-ccflare'), 'at least', null, 15],
];

export const GOALS: readonly Goal[] = ROWS.map(([scenario, figure, against, sense, floor, target]) => {
  return { scenario, figure, against, sense, floor, target };
});

/** A run fails when a figure is worse than its floor by this factor; in between is the machine's noise. */
export const FAIL_FACTOR = 0.75;
