/** Measures a scenario of requests that end: L, J, B, S1 and X. */
import type { MeasuredWindow } from '../figures/measured-window';
import type { LoadWindow } from '../load/load-window';
import type { Usage } from '../processes/usage-meter';
import type { Target, TargetName } from '../targets/target';
import { roundOrder, type Method } from './method';
import type { Rig } from './rig';
import type { LoadScenario } from './scenario-table';

const WARM_UP_CONNECTIONS = 32;

/** Runs all rounds; `onWindow` hears of each window as it ends. */
export async function measureLoad(
  rig: Rig,
  scenario: LoadScenario,
  method: Method,
  onWindow: (window: MeasuredWindow) => void,
): Promise<MeasuredWindow[]> {
  const windows: MeasuredWindow[] = [];
  const warm = new Set<TargetName>();
  await rig.upstream.call('answerWith', { kind: 'whole', deltas: scenario.deltas });
  for (let round = 0; round < method.pairs; round += 1) {
    for (const name of roundOrder(scenario, round, method)) {
      const target = await rig.target(name);
      if (!warm.has(name)) await warmUp(rig, scenario, target, method.warmUpMs);
      warm.add(name);
      const window = await measureWindow(rig, scenario, target, { round, windowMs: method.windowMs });
      windows.push(window);
      onWindow(window);
    }
  }
  return windows;
}

/** Closed loop whatever follows: a few hundred requests would leave half of the code interpreted. */
async function warmUp(rig: Rig, { body, deltas }: LoadScenario, target: Target, ms: number): Promise<void> {
  const order = { target: target.load, body, deltas, connections: WARM_UP_CONNECTIONS, ratePerSecond: null };
  await rig.client.call('prepare', order);
  await rig.client.call('run', { ms });
}

async function measureWindow(
  rig: Rig,
  scenario: LoadScenario,
  target: Target,
  { round, windowMs }: { readonly round: number; readonly windowMs: number },
): Promise<MeasuredWindow> {
  const { body, connections, ratePerSecond, deltas } = scenario;
  await rig.client.call('prepare', { target: target.load, body, connections, ratePerSecond, deltas });
  const meter = rig.meter(target);
  const { result, usage } = await meter.during(() => rig.client.call('run', { ms: windowMs }));
  await rig.client.call('close', null);
  return {
    target: target.name,
    round,
    figures: figuresOf(scenario, result, target.pid === null ? null : usage),
    problems: result.problems,
    otherShare: usage.otherShare,
    stealShare: usage.stealShare,
  };
}

function figuresOf(scenario: LoadScenario, window: LoadWindow, usage: Usage | null): MeasuredWindow['figures'] {
  const [units, unitsInAll] =
    scenario.unit === 'event' ? [window.events, window.eventsInAll] : [window.answers, window.answersInAll];
  return {
    rate: (units * 1000) / window.elapsedMs,
    p50Ms: window.latency.p50Micros / 1000,
    p99Ms: window.latency.p99Micros / 1000,
    ...(usage === null || unitsInAll === 0
      ? {}
      : {
          cpuMicros: usage.cpuMicros / unitsInAll,
          ratePerCore: (unitsInAll * 1e6) / Math.max(1, usage.cpuMicros),
          corePercent: usage.coreShare * 100,
        }),
  };
}
