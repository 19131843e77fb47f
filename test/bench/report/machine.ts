/** On what and with what a run was made. */
import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { canPin } from '../processes/pinning';
import { projectRoot, shippedNode } from '../targets/project';

export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly pinned: boolean;
  /** One-minute load before the run. */
  readonly load: number;
  /** Node of the sidecar. */
  readonly node: string;
  readonly nginx: string | null;
  /** Short commit id, `+` behind it when files differ from it. */
  readonly commit: string;
}

export function machineFacts(nginx: string | null): MachineFacts {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    pinned: canPin(),
    load: loadavg()[0] ?? 0,
    node: said(shippedNode(), ['-p', 'process.versions.node']) ?? 'unknown',
    nginx,
    commit: commit(),
  };
}

function commit(): string {
  const id = said('git', ['rev-parse', '--short=12', 'HEAD']);
  if (id === null) return 'no commit';
  return said('git', ['status', '--porcelain']) === '' ? id : `${id}+`;
}

/** What a program prints, `null` when it fails. */
function said(file: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(file, args, { cwd: projectRoot(), encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** One line for people. */
export function describeMachine(facts: MachineFacts): string {
  return [
    `${facts.cpu}, ${String(facts.cores)} cores, ${String(facts.memoryGb)} GB, Linux ${facts.kernel}`,
    facts.pinned ? 'pinned' : 'NOT PINNED',
    `load ${facts.load.toFixed(2)}`,
    `Node ${facts.node}`,
    facts.nginx === null ? 'no nginx' : `nginx ${facts.nginx}`,
    `commit ${facts.commit}`,
  ].join(' · ');
}
