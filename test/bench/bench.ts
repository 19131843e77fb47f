/** One run of the bench: every chosen scenario, the tables, the file, and whether it passed. */
import { noiseOf } from './figures/noise';
import type { MeasuredWindow } from './figures/measured-window';
import { judge } from './figures/verdict';
import { GOALS } from './floors';
import { problemTotal } from './load/problems';
import type { BenchOptions } from './options';
import { describeMachine, machineFacts } from './report/machine';
import { saveResults } from './report/results-file';
import { scenarioReport } from './report/scenario-report';
import { summaryTable, type JudgedScenario } from './report/summary';
import { measureLoad } from './scenarios/measure-load';
import { measureStartup } from './scenarios/measure-startup';
import { measureStreams } from './scenarios/measure-streams';
import type { Method } from './scenarios/method';
import { Rig } from './scenarios/rig';
import type { Scenario } from './scenarios/scenario-table';
import { Peers } from './targets/peers';
import { PEER_NAMES, type TargetName } from './targets/target';

/** @returns the exit code: 1 when a floor is missed by far or an answer was not complete */
export async function runBench(options: BenchOptions): Promise<number> {
  const peers = options.peers ? await Peers.install() : null;
  const rig = await Rig.start(peers);
  try {
    const machine = machineFacts(rig.nginx);
    print(`${describeMachine(machine)}\n`);
    const method = methodFor(options, rig);
    const judged: JudgedScenario[] = [];
    for (const scenario of options.scenarios) {
      const one = await runScenario(rig, scenario, method);
      judged.push(one);
      print(scenarioReport(one.result, one.verdicts, one.noise));
    }
    print(summaryTable(judged));
    const file = await saveResults({ at: new Date().toISOString(), machine, smoke: options.smoke, scenarios: judged });
    print(`\n${file}`);
    return verdictOf(judged);
  } finally {
    await rig.close();
    await peers?.remove();
  }
}

function methodFor(options: BenchOptions, rig: Rig): Method {
  const peers: readonly TargetName[] = options.peers ? PEER_NAMES : [];
  const absent = new Set<TargetName>(rig.nginx === null ? ['nginx'] : []);
  if (!options.smoke) {
    const pairs = options.pairs ?? 5;
    return { pairs, freshPairs: Math.min(3, pairs), windowMs: 2_000, warmUpMs: 2_000, peers, absent };
  }
  return { pairs: options.pairs ?? 2, freshPairs: 1, windowMs: 1_000, warmUpMs: 1_000, peers, absent };
}

async function runScenario(rig: Rig, scenario: Scenario, method: Method): Promise<JudgedScenario> {
  const windows = await measure(rig, scenario, method);
  const result = {
    id: scenario.id,
    title: scenario.title,
    unit: scenario.kind === 'load' ? scenario.unit : 'event',
    baseline: scenario.baseline,
    windows,
    notes: notesOf(windows),
  };
  const verdicts = GOALS.filter((goal) => goal.scenario === scenario.id).map((goal) => judge(goal, windows));
  return { result, verdicts: verdicts.filter((verdict) => verdict !== null), noise: noiseOf(result) };
}

function measure(rig: Rig, scenario: Scenario, method: Method): Promise<MeasuredWindow[]> {
  const onWindow = ({ target, round }: MeasuredWindow): void => {
    process.stderr.write(`\r${scenario.id} round ${String(round + 1)} ${target.padEnd(16)}\r`);
  };
  switch (scenario.kind) {
    case 'load':
      return measureLoad(rig, scenario, method, onWindow);
    case 'streams':
      return measureStreams(rig, scenario, method, onWindow);
    case 'startup':
      return measureStartup(rig, method, onWindow);
  }
}

function notesOf(windows: readonly MeasuredWindow[]): string[] {
  return windows
    .filter((window) => problemTotal(window.problems) > 0)
    .map(({ target, round, problems }) => `${target}, round ${String(round + 1)}: ${JSON.stringify(problems)}`);
}

/** Only the sidecar's faults fail the run: a baseline that loses events is the report's matter. */
function verdictOf(judged: readonly JudgedScenario[]): number {
  const isOurs = ({ target }: MeasuredWindow): boolean => target.startsWith('tightrope');
  const incomplete = judged.some(({ result }) => {
    return result.windows.some((window) => isOurs(window) && problemTotal(window.problems) > 0);
  });
  const missed = judged.some(({ verdicts }) => verdicts.some((verdict) => verdict.failed));
  if (incomplete) print('FAILED: answers of the sidecar were not complete.');
  if (missed) print('FAILED: a figure is below 0.75 × its floor.');
  return incomplete || missed ? 1 : 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
