/** The text about one scenario: figures of every target, and the goals of the sidecar. */
import type { Goal } from '../floors';
import type { FigureName, ScenarioResult } from '../figures/measured-window';
import { figureSpread, type Spread } from '../figures/statistics';
import type { Verdict } from '../figures/verdict';
import { problemTotal } from '../load/problems';
import type { TargetName } from '../targets/target';
import { markdownTable } from './table';

interface Column {
  readonly figure: FigureName;
  readonly title: (unit: string) => string;
  readonly digits: number;
}

const column = (figure: FigureName, title: string | ((unit: string) => string), digits: number): Column => {
  return { figure, digits, title: typeof title === 'string' ? () => title : title };
};

const COLUMNS: readonly Column[] = [
  column('rate', (unit) => `${unit}s/s`, 0),
  column('cpuMicros', (unit) => `CPU µs/${unit}`, 1),
  column('corePercent', 'core %', 0),
  column('p50Ms', 'p50 ms', 2),
  column('p99Ms', 'p99 ms', 2),
  column('firstEventMs', 'first event ms', 2),
  column('delayP50Ms', 'delay p50 ms', 2),
  column('delayP99Ms', 'delay p99 ms', 2),
  column('startMs', 'start ms', 0),
  column('idleMb', 'idle MB', 0),
  column('openMb', 'open MB', 0),
  column('closedMb', 'closed MB', 0),
  column('perStreamKb', 'KB/stream', 1),
];

export function scenarioReport(result: ScenarioResult, verdicts: readonly Verdict[], noise: readonly string[]): string {
  const lines = [`### ${result.id}: ${result.title}${noise.length > 0 ? ` (noisy: ${noise.join(', ')})` : ''}`, ''];
  lines.push(figuresTable(result), '');
  for (const verdict of verdicts) lines.push(`- ${describeVerdict(verdict, result.unit)}`);
  for (const note of result.notes) lines.push(`- ${note}`);
  return `${lines.join('\n')}\n`;
}

function figuresTable({ windows, unit }: ScenarioResult): string {
  const targets = [...new Set(windows.map((window) => window.target))];
  const columns = COLUMNS.filter(({ figure }) => windows.some((window) => window.figures[figure] !== undefined));
  const header = ['', ...columns.map(({ title }) => title(unit)), 'failed'];
  const rows = targets.map((target) => [
    target,
    ...columns.map(({ figure, digits }) => {
      const value = figureSpread(windows, target, figure);
      return value === null ? '' : number(value.median, digits);
    }),
    String(failures(windows, target)),
  ]);
  return markdownTable(header, rows);
}

function failures(windows: ScenarioResult['windows'], target: TargetName): number {
  return windows
    .filter((window) => window.target === target)
    .reduce((sum, window) => sum + problemTotal(window.problems), 0);
}

/** `rate 1.31 × pipe (1.22–1.38): floor 1 met, target 1.5 not met` */
function describeVerdict({ goal, value, floorMet, targetMet, failed }: Verdict, unit: string): string {
  const bounds = [bound('floor', goal.floor, floorMet), bound('target', goal.target, targetMet)];
  const said = bounds.filter((text) => text !== null).join(', ');
  return `${measuredText(goal, value, unit)}: ${said}${failed ? ' — FAILED' : ''}`;
}

/** The figure with what it is compared with and its range. */
export function measuredText({ figure, against }: Goal, value: Spread, unit: string): string {
  const name = COLUMNS.find((known) => known.figure === figure)?.title(unit) ?? figure;
  const range = `(${number(value.min, 2)}–${number(value.max, 2)})`;
  if (against === null) return `${name} ${number(value.median, 2)} ${range}`;
  const relation = against.relation === 'ratio' ? `× ${against.target}` : `above ${against.target}`;
  return `${name} ${number(value.median, 2)} ${relation} ${range}`;
}

/** `null` when there is no such bound. */
function bound(kind: string, value: number | null, met: boolean | null): string | null {
  return value === null ? null : `${kind} ${String(value)} ${met === true ? 'met' : 'NOT met'}`;
}

function number(value: number, digits: number): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
