/** `--profile`: one scenario against the sidecar under `--cpu-prof`, and where its time went. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeTempFolder } from '../../integration/harness/temp-folder';
import { describeMachine, machineFacts } from '../report/machine';
import { Rig } from '../scenarios/rig';
import type { LoadScenario, Scenario, StreamScenario } from '../scenarios/scenario-table';
import { sidecarBundle } from '../targets/project';
import { BenchSidecar } from '../targets/sidecar';
import { codexLoad } from '../targets/target';
import { createMonotonicClock } from '../wire/monotonic-clock';
import { functionTimes, type CpuProfile } from './cpu-profile';
import { profileReport } from './profile-report';
import { placesOf } from './source-places';

const SAMPLE_MICROS = 250;
const WARM_UP_MS = 3_000;
const WINDOW_MS = 6_000;
const SETTLE_MS = 1_000;
const SPACING_MS = 2;

/** What was measured between two moments of the shared clock. */
interface ProfiledWindow {
  readonly fromMicros: number;
  readonly toMicros: number;
  readonly units: number;
}

/** @returns the exit code */
export async function runProfile(scenarios: readonly Scenario[]): Promise<number> {
  const [scenario] = scenarios;
  if (scenario === undefined || scenario.kind === 'startup') throw new Error('this scenario cannot be profiled');
  const folder = await makeTempFolder('tightrope-bench-profile-');
  const rig = await Rig.start();
  try {
    process.stdout.write(`${describeMachine(machineFacts(rig.nginx))}\n\n`);
    const sidecar = await BenchSidecar.start({
      upstreamPort: rig.upstreamPort,
      bare: scenario.targets[0] === 'tightrope-bare',
      nodeArgs: ['--cpu-prof', `--cpu-prof-dir=${folder.path}`, `--cpu-prof-interval=${String(SAMPLE_MICROS)}`],
    });
    await sidecar.importAccounts();
    const load = scenario.kind === 'load' ? runLoad(rig, scenario, sidecar) : runStreams(rig, scenario, sidecar);
    const window = await load;
    await sidecar.stop();
    const times = functionTimes(await readProfile(folder.path), window.fromMicros, window.toMicros);
    process.stdout.write(`### ${scenario.id}: ${scenario.title}\n\n`);
    process.stdout.write(`${profileReport(times, placesOf(sidecarBundle()), window.units)}\n`);
    return 0;
  } finally {
    await rig.close();
    await folder.remove();
  }
}

async function runLoad(rig: Rig, scenario: LoadScenario, sidecar: BenchSidecar): Promise<ProfiledWindow> {
  const nowMicros = createMonotonicClock();
  const { body, connections, ratePerSecond, deltas } = scenario;
  await rig.upstream.call('answerWith', { kind: 'whole', deltas });
  await rig.client.call('prepare', { target: codexLoad(sidecar.port), body, connections, ratePerSecond, deltas });
  await rig.client.call('run', { ms: WARM_UP_MS });
  const fromMicros = nowMicros();
  const result = await rig.client.call('run', { ms: WINDOW_MS });
  const toMicros = nowMicros();
  await rig.client.call('close', null);
  return { fromMicros, toMicros, units: scenario.unit === 'event' ? result.eventsInAll : result.answersInAll };
}

async function runStreams(rig: Rig, scenario: StreamScenario, sidecar: BenchSidecar): Promise<ProfiledWindow> {
  const nowMicros = createMonotonicClock();
  await rig.upstream.call('answerWith', { kind: 'paced', intervalMs: scenario.intervalMs });
  const target = codexLoad(sidecar.port);
  await rig.client.call('openStreams', { target, body: 300, connections: scenario.count, spacingMs: SPACING_MS });
  await pause(SETTLE_MS);
  const fromMicros = nowMicros();
  const result = await rig.client.call('watchStreams', { ms: WINDOW_MS });
  const toMicros = nowMicros();
  await rig.upstream.call('finishStreams', null);
  await rig.client.call('endStreams', null);
  return { fromMicros, toMicros, units: result.events };
}

async function readProfile(folder: string): Promise<CpuProfile> {
  const file = (await readdir(folder)).find((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the sidecar wrote no profile');
  return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as CpuProfile;
}
