/** Measures what the processes under test and everybody else on the machine used between two moments. */
import { cpuMicros, machineTimes, processTree, residentBytes } from './proc-stat';

export interface Usage {
  /** CPU time of the system under test, all processes and threads. */
  readonly cpuMicros: number;
  /** Its share of one core, 0 to 1 and above. */
  readonly coreShare: number;
  /** Share of the machine that neither the bench nor the system under test used, 0 to 1. */
  readonly otherShare: number;
  /** Share of the machine that the hypervisor gave to others, 0 to 1. */
  readonly stealShare: number;
}

/** Running totals at one moment. */
interface Moment {
  readonly atMs: number;
  readonly subjectMicros: number;
  readonly ownMicros: number;
  readonly machine: ReturnType<typeof machineTimes>;
}

export class UsageMeter {
  readonly #subject: readonly number[];
  readonly #own: readonly number[];

  /**
   * @param subjectPid the system under test, `null` when there is none
   * @param ownPids processes of the bench, among them those that idle
   */
  constructor(subjectPid: number | null, ownPids: readonly number[]) {
    this.#subject = subjectPid === null ? [] : processTree(subjectPid);
    this.#own = [process.pid, ...ownPids.filter((pid) => !this.#subject.includes(pid))];
  }

  /** Runs `body` and says what was used meanwhile. */
  async during<T>(body: () => Promise<T>): Promise<{ readonly result: T; readonly usage: Usage }> {
    const before = this.#moment();
    const result = await body();
    return { result, usage: usageBetween(before, this.#moment()) };
  }

  /** Resident memory of the system under test, bytes. */
  residentBytes(): number {
    return this.#subject.reduce((sum, pid) => sum + residentBytes(pid), 0);
  }

  #moment(): Moment {
    const sum = (pids: readonly number[]): number => pids.reduce((total, pid) => total + cpuMicros(pid), 0);
    return {
      atMs: performance.now(),
      subjectMicros: sum(this.#subject),
      ownMicros: sum(this.#own),
      machine: machineTimes(),
    };
  }
}

function usageBetween(before: Moment, after: Moment): Usage {
  const cpu = after.subjectMicros - before.subjectMicros;
  const machine = {
    busy: after.machine.busyMicros - before.machine.busyMicros,
    idle: after.machine.idleMicros - before.machine.idleMicros,
    steal: after.machine.stealMicros - before.machine.stealMicros,
  };
  const all = Math.max(1, machine.busy + machine.idle + machine.steal);
  const other = machine.busy - cpu - (after.ownMicros - before.ownMicros);
  return {
    cpuMicros: cpu,
    coreShare: cpu / 1000 / Math.max(1, after.atMs - before.atMs),
    otherShare: Math.max(0, other) / all,
    stealShare: machine.steal / all,
  };
}
