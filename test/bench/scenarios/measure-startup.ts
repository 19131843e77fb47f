/** Measures U: from the start of the process to the first 200 of /health, and what it occupies when nothing happens. */
import { setTimeout as pause } from 'node:timers/promises';
import { makeTempFolder } from '../../integration/harness/temp-folder';
import { megabytes, type MeasuredWindow } from '../figures/measured-window';
import { UsageMeter } from '../processes/usage-meter';
import { BenchSidecar } from '../targets/sidecar';
import type { Method } from './method';
import type { Rig } from './rig';

/** Idle memory is read this long after the first answer. */
const REST_MS = 3_000;

/** Rounds alternate between an empty data directory and one with accounts; both must meet the goals. */
export async function measureStartup(
  rig: Rig,
  method: Method,
  onWindow: (window: MeasuredWindow) => void,
): Promise<MeasuredWindow[]> {
  const windows: MeasuredWindow[] = [];
  const existing = await makeTempFolder('tightrope-bench-u-');
  try {
    await furnish(rig, existing.path);
    for (let round = 0; round < method.freshPairs * 2; round += 1) {
      const window = await measureStart(rig, round, round % 2 === 0 ? undefined : existing.path);
      windows.push(window);
      onWindow(window);
    }
  } finally {
    await existing.remove();
  }
  return windows;
}

/** Makes a data directory with ten accounts in it. */
async function furnish(rig: Rig, folder: string): Promise<void> {
  const sidecar = await BenchSidecar.start({ upstreamPort: rig.upstreamPort, folder });
  await sidecar.importAccounts();
  await sidecar.stop();
}

/** Not pinned: a user's machine starts it on whatever core is free. */
async function measureStart(rig: Rig, round: number, folder: string | undefined): Promise<MeasuredWindow> {
  const startedMs = performance.now();
  const sidecar = await BenchSidecar.start({
    upstreamPort: rig.upstreamPort,
    side: null,
    ...(folder === undefined ? {} : { folder }),
  });
  try {
    const health = await fetch(`${sidecar.address}/health`);
    await health.text();
    const startMs = performance.now() - startedMs;
    const meter = new UsageMeter(sidecar.process.pid, [rig.upstream.process.pid, rig.client.process.pid]);
    const { usage } = await meter.during(() => pause(REST_MS));
    return {
      target: 'tightrope',
      round,
      figures: { startMs, idleMb: megabytes(meter.residentBytes()), corePercent: usage.coreShare * 100 },
      problems: health.status === 200 ? {} : { [`/health answered ${String(health.status)}`]: 1 },
      otherShare: usage.otherShare,
      stealShare: usage.stealShare,
    };
  } finally {
    await sidecar.stop();
  }
}
