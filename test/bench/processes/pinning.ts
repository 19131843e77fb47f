/** Which core a process runs on: load and upstream on one, the system under test alone on another (performance.md "Rig"). */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

export type Side = 'load' | 'subject';

const CORE_OF: Readonly<Record<Side, string>> = { load: '0', subject: '1' };

/** Command line that starts `command` on the core of its side; unchanged where that cannot be had. */
export function pinned(side: Side | null, command: readonly string[]): readonly string[] {
  return side !== null && canPin() ? ['taskset', '-c', CORE_OF[side], ...command] : command;
}

/** Whether processes can be pinned: `taskset` on the PATH and two cores to choose from. */
export function canPin(): boolean {
  return availableParallelism() >= 2 && spawnSync('taskset', ['-c', '1', 'true']).status === 0;
}
