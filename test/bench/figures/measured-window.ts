/** What one window of one target gave: plain numbers by name, so that goals and tables are data. */
import type { Problems } from '../load/problems';
import type { TargetName } from '../targets/target';

/** Every figure of the bench, with its unit. */
export type FigureName =
  /** Requests or events per second. */
  | 'rate'
  /** Requests or events per second of CPU time. */
  | 'ratePerCore'
  /** CPU time per request or event, µs. */
  | 'cpuMicros'
  /** CPU time per wall time of one core, %. */
  | 'corePercent'
  /** Request to complete answer, ms. */
  | 'p50Ms'
  | 'p99Ms'
  /** Request to first delta, ms. */
  | 'firstEventMs'
  /** Sent by the upstream to received by the client, per event, ms. */
  | 'delayP50Ms'
  | 'delayP99Ms'
  /** Resident memory, MB: before the streams, with them, after them. */
  | 'idleMb'
  | 'openMb'
  | 'closedMb'
  /** Growth of resident memory per open stream, KB. */
  | 'perStreamKb'
  /** Process start to the first 200 of /health, ms. */
  | 'startMs';

export interface MeasuredWindow {
  readonly target: TargetName;
  /** Windows of the same round are neighbours in time: ratios are taken within a round. */
  readonly round: number;
  readonly figures: Readonly<Partial<Record<FigureName, number>>>;
  readonly problems: Problems;
  /** Share of the machine that the bench did not use, and that the hypervisor took; 0 to 1. */
  readonly otherShare: number;
  readonly stealShare: number;
}

/** All windows of one scenario. */
export interface ScenarioResult {
  readonly id: string;
  readonly title: string;
  /** What `rate` and `cpuMicros` count. */
  readonly unit: string;
  /** The target whose spread tells how noisy the machine was. */
  readonly baseline: TargetName;
  readonly windows: readonly MeasuredWindow[];
  /** What could not be measured and why. */
  readonly notes: readonly string[];
}

const BYTES_PER_KB = 1024;
const BYTES_PER_MB = 1024 * 1024;

export function megabytes(bytes: number): number {
  return bytes / BYTES_PER_MB;
}

export function kilobytes(bytes: number): number {
  return bytes / BYTES_PER_KB;
}
