/** What Linux says about processes and the machine in /proc. */
import { readFileSync, readdirSync } from 'node:fs';

/** Kernel ticks per second in /proc (USER_HZ): 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const MICROS_PER_TICK = 1e6 / TICKS_PER_SECOND;

/** Fields of /proc/<pid>/stat behind the command, counted from `state`. */
const PARENT_FIELD = 1;
const UTIME_FIELD = 11;
const STIME_FIELD = 12;

/** Whole machine since boot, in microseconds over all cores. */
export interface MachineTimes {
  readonly busyMicros: number;
  readonly idleMicros: number;
  readonly stealMicros: number;
}

/** Fields of a `stat` line from `state` on; the command before may hold blanks and brackets. */
export function statFields(line: string): string[] {
  return line.slice(line.lastIndexOf(')') + 2).split(' ');
}

/** CPU time of some process, all its threads, user and system, in microseconds. 0 when it is gone. */
export function cpuMicros(pid: number): number {
  const fields = readStat(pid);
  if (fields === null) return 0;
  return (Number(fields[UTIME_FIELD]) + Number(fields[STIME_FIELD])) * MICROS_PER_TICK;
}

/** `pid` and every process below it. */
export function processTree(pid: number): number[] {
  const childrenOf = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const child = Number(name);
    const parent = Number.isInteger(child) ? Number(readStat(child)?.[PARENT_FIELD]) : NaN;
    if (!Number.isNaN(parent)) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), child]);
  }
  const tree: number[] = [];
  for (const queue = [pid]; queue.length > 0;) {
    const next = queue.shift() ?? 0;
    tree.push(next);
    queue.push(...(childrenOf.get(next) ?? []));
  }
  return tree;
}

/** Resident memory in bytes. 0 when it is gone. */
export function residentBytes(pid: number): number {
  const status = readIfThere(`/proc/${String(pid)}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0) * 1024;
}

/** The `cpu` line of /proc/stat: user nice system idle iowait irq softirq steal. */
export function parseMachineTimes(stat: string): MachineTimes {
  const line = stat.slice(0, stat.indexOf('\n'));
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((ticks) => Number(ticks) * MICROS_PER_TICK);
  return { busyMicros: user + nice + system + irq + softirq, idleMicros: idle + iowait, stealMicros: steal };
}

export function machineTimes(): MachineTimes {
  return parseMachineTimes(readFileSync('/proc/stat', 'latin1'));
}

function readStat(pid: number): string[] | null {
  const line = readIfThere(`/proc/${String(pid)}/stat`);
  return line === null ? null : statFields(line);
}

/** `null` when the process has ended meanwhile. */
function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
