/** The one table that says whether the run met its floors and targets. */
import type { ScenarioResult } from '../figures/measured-window';
import type { Verdict } from '../figures/verdict';
import { measuredText } from './scenario-report';
import { markdownTable } from './table';

export interface JudgedScenario {
  readonly result: ScenarioResult;
  readonly verdicts: readonly Verdict[];
  /** Why the scenario is noisy. */
  readonly noise: readonly string[];
}

export function summaryTable(scenarios: readonly JudgedScenario[]): string {
  const rows = scenarios.flatMap(({ result, verdicts, noise }) => {
    return verdicts.map((verdict) => {
      const { goal, value } = verdict;
      const sense = goal.sense === 'at least' ? '≥' : '≤';
      return [
        `${result.id} ${measuredText(goal, value, result.unit)}`,
        cell(sense, goal.floor, verdict.floorMet),
        cell(sense, goal.target, verdict.targetMet),
        [verdict.failed ? 'FAILED' : '', noise.length > 0 ? 'noisy' : ''].filter((word) => word !== '').join(', '),
      ];
    });
  });
  return markdownTable(['measured (median, min–max)', 'floor', 'target', ''], rows);
}

function cell(sense: string, bound: number | null, met: boolean | null): string {
  return bound === null ? '' : `${sense} ${String(bound)} ${met === true ? 'met' : 'NOT met'}`;
}
