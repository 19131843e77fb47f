/** What a load client reports about one window. */
import type { Distribution } from '../figures/histogram';
import type { Problems } from './problems';

export interface LoadWindow {
  readonly elapsedMs: number;
  /** Answers and events that arrived within the window. */
  readonly answers: number;
  readonly events: number;
  /** With those that were under way when the window ended: what the CPU time of the window was spent on. */
  readonly answersInAll: number;
  readonly eventsInAll: number;
  /** Request to complete answer. */
  readonly latency: Distribution;
  readonly problems: Problems;
}

/** A load that can be run window by window. */
export interface Load {
  connect(): Promise<void>;
  run(ms: number): Promise<LoadWindow>;
  close(): void;
}

/** What a load is made of. */
export interface LoadPlan {
  readonly port: number;
  /** Requests by connection number. */
  readonly request: (connection: number) => Buffer;
  readonly deltas: number | null;
  readonly connections: number;
  readonly nowMicros: () => number;
}

/** After its window a load waits this long for answers that are under way, ms. */
export const DRAIN_WITHIN_MS = 15_000;
