/** `npm run soak`: 1,000 slow streams for a minute. Nothing may be lost, memory stays flat, and at the end all is given back. */
import { setTimeout as pause } from 'node:timers/promises';
import { megabytes } from './figures/measured-window';
import { spread } from './figures/statistics';
import { problemTotal } from './load/problems';
import type { StreamEnds } from './load/slow-streams';
import { describeMachine, machineFacts } from './report/machine';
import { Rig } from './scenarios/rig';
import { startSidecar } from './targets/sidecar';

const STREAMS = 1_000;
const INTERVAL_MS = 500;
const SPACING_MS = 2;
const SETTLE_MS = 2_000;
const SAMPLE_MS = 1_000;
/** The second wave only has to show what it occupies. */
const SECOND_WAVE_MS = 8_000;
/** Later memory may be this much above earlier memory. */
const GROWTH = 1.1;
/** Turns end at once; kept upstream connections after their idle time (55 s). */
const TURNS_END_WITHIN_MS = 5_000;
const SOCKETS_CLOSE_WITHIN_MS = 75_000;
const POLL_MS = 250;

type SoakTarget = Awaited<ReturnType<typeof startSidecar>>;

interface Wave {
  /** Resident memory of the sidecar, one value per second. */
  readonly memoryMb: readonly number[];
  readonly events: number;
  readonly delayP99Ms: number;
  readonly ends: StreamEnds;
}

/** @returns the exit code: 1 when one of the checks fails */
export async function runSoak(seconds: number): Promise<number> {
  const rig = await Rig.start();
  const checks: boolean[] = [];
  const check = (holds: boolean, what: string): void => {
    checks.push(holds);
    process.stdout.write(`${holds ? 'PASS' : 'FAIL'} ${what}\n`);
  };
  try {
    process.stdout.write(`${describeMachine(machineFacts(rig.nginx))}\n`);
    const target = await startSidecar('tightrope', rig.upstreamPort);
    const idleMb = memoryOf(rig, target);
    const first = await runWave(rig, target, seconds * 1000);
    checkWave(first, check);
    checkFlat(first.memoryMb, check);
    await checkFreed(rig, target, check);
    const freedMb = memoryOf(rig, target);
    const openMb = peak(first.memoryMb);
    check(
      freedMb <= (idleMb + openMb) / 2,
      `memory is given back: ${mb(freedMb)} of ${mb(openMb)}, idle ${mb(idleMb)}`,
    );
    const second = await runWave(rig, target, SECOND_WAVE_MS);
    checkWave(second, check);
    const [before, after] = [peak(first.memoryMb), peak(second.memoryMb)];
    check(after <= before * GROWTH, `a second wave needs no more memory: ${mb(after)} after ${mb(before)}`);
    process.stdout.write(
      `memory: idle ${mb(idleMb)}, ${String(STREAMS)} streams ${mb(before)}, freed ${mb(freedMb)}\n`,
    );
    await checkFreed(rig, target, check);
    const code = await target.sidecar.stop();
    check(code === 0, `the sidecar leaves with exit code 0 (${String(code)})`);
  } finally {
    await rig.close();
  }
  return checks.every((holds) => holds) ? 0 : 1;
}

async function runWave(rig: Rig, target: SoakTarget, ms: number): Promise<Wave> {
  await rig.upstream.call('answerWith', { kind: 'paced', intervalMs: INTERVAL_MS });
  const order = { target: target.load, body: 300, connections: STREAMS, spacingMs: SPACING_MS } as const;
  await rig.client.call('openStreams', order);
  await pause(SETTLE_MS);
  const memoryMb: number[] = [];
  const sampler = setInterval(() => memoryMb.push(memoryOf(rig, target)), SAMPLE_MS);
  try {
    const { events, delay } = await rig.client.call('watchStreams', { ms });
    await rig.upstream.call('finishStreams', null);
    const ends = await rig.client.call('endStreams', null);
    return { memoryMb, events, delayP99Ms: delay.p99Micros / 1000, ends };
  } finally {
    clearInterval(sampler);
  }
}

type Check = (holds: boolean, what: string) => void;

function checkWave({ ends, events, delayP99Ms }: Wave, check: Check): void {
  const facts = `${String(events)} events, delay p99 ${delayP99Ms.toFixed(1)} ms`;
  const lost = problemTotal(ends.problems) === 0 ? '' : ` ${JSON.stringify(ends.problems)}`;
  check(ends.complete === STREAMS && lost === '', `${String(ends.complete)} streams complete, ${facts}${lost}`);
}

/** The second quarter of the time against the last: the first is warming up. */
function checkFlat(memoryMb: readonly number[], check: Check): void {
  const quarter = Math.floor(memoryMb.length / 4);
  const early = spread(memoryMb.slice(quarter, 2 * quarter)).median;
  const late = spread(memoryMb.slice(-quarter)).median;
  check(late <= early * GROWTH, `memory is flat: ${mb(early)} early, ${mb(late)} late`);
}

async function checkFreed(rig: Rig, target: SoakTarget, check: Check): Promise<void> {
  const turns = await becomesZero(() => turnsInFlight(target), TURNS_END_WITHIN_MS);
  check(turns.zero, `no turn in flight (${describeWait(turns)})`);
  const facts = await rig.upstream.call('facts', null);
  check(facts.openStreams === 0, `no stream open at the upstream (${String(facts.openStreams)})`);
  const openSockets = async (): Promise<number> => (await rig.upstream.call('facts', null)).openSockets;
  const sockets = await becomesZero(openSockets, SOCKETS_CLOSE_WITHIN_MS);
  check(sockets.zero, `no upstream socket open (${describeWait(sockets)})`);
}

async function turnsInFlight({ sidecar }: SoakTarget): Promise<number> {
  const health = (await sidecar.admin('GET', '/api/runtime/health')) as { readonly turnsInFlight?: unknown };
  if (typeof health.turnsInFlight !== 'number') throw new Error(`no turnsInFlight in ${JSON.stringify(health)}`);
  return health.turnsInFlight;
}

interface Wait {
  readonly zero: boolean;
  readonly last: number;
  readonly seconds: number;
}

async function becomesZero(ask: () => Promise<number>, withinMs: number): Promise<Wait> {
  const startedMs = performance.now();
  for (;;) {
    const last = await ask();
    const waitedMs = performance.now() - startedMs;
    if (last === 0 || waitedMs > withinMs) return { zero: last === 0, last, seconds: waitedMs / 1000 };
    await pause(POLL_MS);
  }
}

function describeWait({ last, seconds }: Wait): string {
  return `${String(last)} after ${seconds.toFixed(1)} s`;
}

function memoryOf(rig: Rig, target: SoakTarget): number {
  return megabytes(rig.meter(target).residentBytes());
}

function peak(values: readonly number[]): number {
  return spread(values).max;
}

function mb(value: number): string {
  return `${value.toFixed(0)} MB`;
}
