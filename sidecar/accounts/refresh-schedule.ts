/** Keeps logins alive without a request's help: a sweep soon after the start, then one per interval (spec/proxy.md 9.2). */
import type { Cluster } from '../cluster/cluster';
import type { Scheduler } from '../platform/scheduler';
import type { RefreshTimes, SweepKind } from './refresh-times';

export interface RefreshScheduleParts {
  readonly scheduler: Scheduler;
  /** Only the machine that leads sweeps, and only one sweep runs at a time. */
  readonly cluster: Pick<Cluster, 'runIfLeader'>;
  readonly times: Pick<RefreshTimes, 'startupDelayMs' | 'checkIntervalMs'>;
  /** `AccountsService.sweepLogins`. */
  readonly sweep: (kind: SweepKind, signal: AbortSignal) => Promise<unknown>;
}

const JOB = 'token_refresh';
/** Share of the interval by which sweeps drift: many installations started together must not meet at the provider. */
const JITTER = 0.1;

/** Registers the jobs. They end with the scheduler: then no further refresh begins. */
export function scheduleTokenRefresh({ scheduler, cluster, times, sweep }: RefreshScheduleParts): void {
  const lead = async (kind: SweepKind, stopping: AbortSignal): Promise<void> => {
    await cluster.runIfLeader(JOB, async (lost) => {
      await sweep(kind, AbortSignal.any([stopping, lost]));
    });
  };
  scheduler.once(`${JOB}_at_start`, times.startupDelayMs, (signal) => lead('startup', signal));
  scheduler.every(JOB, times.checkIntervalMs, (signal) => lead('periodic', signal), { jitter: JITTER });
}
