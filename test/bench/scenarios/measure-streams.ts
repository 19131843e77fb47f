/** Measures streams that stay open: S2 and S3. */
import { setTimeout as pause } from 'node:timers/promises';
import { kilobytes, megabytes, type MeasuredWindow } from '../figures/measured-window';
import type { Problems } from '../load/problems';
import type { Target } from '../targets/target';
import { roundOrder, type Method } from './method';
import type { Rig } from './rig';
import type { StreamScenario } from './scenario-table';

/** Between two openings. */
const SPACING_MS = 2;
/** From the last opening to the window: what opening cost is not part of it. */
const SETTLE_MS = 500;
/** A new process rests this long before its memory is read. */
const REST_MS = 1_000;
/** Memory is read again this long after the last stream has ended. */
const AFTER_MS = 1_500;

export async function measureStreams(
  rig: Rig,
  scenario: StreamScenario,
  method: Method,
  onWindow: (window: MeasuredWindow) => void,
): Promise<MeasuredWindow[]> {
  const windows: MeasuredWindow[] = [];
  await rig.upstream.call('answerWith', { kind: 'paced', intervalMs: scenario.intervalMs });
  const rounds = scenario.fresh ? method.freshPairs : method.pairs;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of roundOrder(scenario, round, method)) {
      if (scenario.fresh) await rig.drop(name);
      const target = await rig.target(name);
      if (scenario.fresh) await pause(REST_MS);
      else if (round === 0) await warmUp(rig, scenario, target);
      const window = await measureWindow(rig, scenario, target, { round, windowMs: method.windowMs });
      if (scenario.fresh) await rig.drop(name);
      windows.push(window);
      onWindow(window);
    }
  }
  return windows;
}

/** One round of opening, a short look and closing, unmeasured. */
async function warmUp(rig: Rig, scenario: StreamScenario, target: Target): Promise<void> {
  await open(rig, scenario, target);
  await pause(SETTLE_MS);
  await rig.upstream.call('finishStreams', null);
  await rig.client.call('endStreams', null);
}

function open(rig: Rig, { count }: StreamScenario, target: Target): Promise<{ firstEvent: { p50Micros: number } }> {
  return rig.client.call('openStreams', {
    target: target.load,
    body: 300,
    connections: count,
    spacingMs: SPACING_MS,
  });
}

async function measureWindow(
  rig: Rig,
  scenario: StreamScenario,
  target: Target,
  { round, windowMs }: { readonly round: number; readonly windowMs: number },
): Promise<MeasuredWindow> {
  const meter = rig.meter(target);
  const idleBytes = meter.residentBytes();
  const opened = await open(rig, scenario, target);
  await pause(SETTLE_MS);
  const { result, usage } = await meter.during(() => rig.client.call('watchStreams', { ms: windowMs }));
  const openBytes = meter.residentBytes();
  await rig.upstream.call('finishStreams', null);
  const ends = await rig.client.call('endStreams', null);
  if (scenario.fresh) await pause(AFTER_MS);
  const memory = {
    idleMb: megabytes(idleBytes),
    openMb: megabytes(openBytes),
    closedMb: megabytes(meter.residentBytes()),
    perStreamKb: kilobytes(openBytes - idleBytes) / scenario.count,
  };
  return {
    target: target.name,
    round,
    figures: {
      rate: (result.events * 1000) / result.elapsedMs,
      delayP50Ms: result.delay.p50Micros / 1000,
      delayP99Ms: result.delay.p99Micros / 1000,
      firstEventMs: opened.firstEvent.p50Micros / 1000,
      ...(target.pid === null
        ? {}
        : { cpuMicros: usage.cpuMicros / Math.max(1, result.events), corePercent: usage.coreShare * 100 }),
      ...(scenario.fresh && target.pid !== null ? memory : {}),
    },
    problems: withSilence(ends.problems, result.events, (windowMs * scenario.count) / scenario.intervalMs),
    otherShare: usage.otherShare,
    stealShare: usage.stealShare,
  };
}

/** Events that neither came nor were missed at the end would be a mistake of the bench: a window without enough of them fails. */
function withSilence(problems: Problems, events: number, expected: number): Problems {
  if (events >= expected / 2) return problems;
  return { ...problems, [`only ${String(events)} of ${String(Math.round(expected))} events in the window`]: 1 };
}
