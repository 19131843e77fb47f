/** The scenarios of performance.md A5 as data. */
import type { TargetName } from '../targets/target';
import type { BodySize } from '../wire/request-bytes';

interface Common {
  /** Family letter and variant: `J32`. */
  readonly id: string;
  readonly title: string;
  /** Measured in every round, neighbours of those they are compared with. */
  readonly targets: readonly TargetName[];
  /** Measured in the first two rounds only, for orientation. */
  readonly references: readonly TargetName[];
  readonly baseline: TargetName;
}

/** Requests that end. */
export interface LoadScenario extends Common {
  readonly kind: 'load';
  readonly body: BodySize;
  readonly connections: number;
  /** Requests per second; `null` = closed loop. */
  readonly ratePerSecond: number | null;
  /** Deltas per answer. */
  readonly deltas: number;
  readonly unit: 'request' | 'event';
}

/** Streams that stay open. */
export interface StreamScenario extends Common {
  readonly kind: 'streams';
  readonly count: number;
  /** Milliseconds between two events of a stream. */
  readonly intervalMs: number;
  /** Every window in a new process, for figures of memory. */
  readonly fresh: boolean;
}

export interface StartupScenario extends Common {
  readonly kind: 'startup';
}

export type Scenario = LoadScenario | StreamScenario | StartupScenario;

/** Open loop: connections to choose from. */
const OPEN_LOOP_CONNECTIONS = 64;
const FULL = ['nginx', 'pipe', 'tightrope'] as const satisfies readonly TargetName[];
const FEATURE_TAX = ['tightrope-bare', 'tightrope'] as const satisfies readonly TargetName[];

const small = {
  kind: 'load',
  body: 300,
  connections: OPEN_LOOP_CONNECTIONS,
  ratePerSecond: null,
  deltas: 1,
  unit: 'request',
  targets: FULL,
  references: ['direct', 'splice'],
  baseline: 'pipe',
} as const satisfies Omit<LoadScenario, 'id' | 'title'>;

const burst = { ...small, connections: 64, deltas: 200, unit: 'event' } as const;
const tax = { targets: FEATURE_TAX, references: [], baseline: 'tightrope-bare' } as const;
const latency = { targets: ['direct', 'pipe', 'tightrope'], references: [] } as const;
const bodies = { targets: ['pipe', 'tightrope'], references: ['nginx', 'direct'] } as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...small, ...latency, id: 'L200', title: 'latency, open loop, 200 requests/s', ratePerSecond: 200 },
  { ...small, ...latency, id: 'L1000', title: 'latency, open loop, 1,000 requests/s', ratePerSecond: 1_000 },
  { ...small, id: 'J1', title: 'small requests, 1 connection', connections: 1 },
  { ...small, id: 'J32', title: 'small requests, 32 connections', connections: 32 },
  { ...small, id: 'J256', title: 'small requests, 256 connections', connections: 256 },
  { ...small, ...bodies, id: 'B64', title: '64 KB bodies, 32 connections', connections: 32, body: 65_536 },
  { ...small, ...bodies, id: 'B256', title: '256 KB bodies, 32 connections', connections: 32, body: 262_144 },
  { ...burst, id: 'S1', title: 'bursts, 64 connections × 200 events' },
  {
    kind: 'streams',
    id: 'S2',
    title: 'trickle, 256 streams × 50 events/s',
    count: 256,
    intervalMs: 20,
    fresh: false,
    targets: FULL,
    references: ['direct', 'splice'],
    baseline: 'pipe',
  },
  {
    kind: 'streams',
    id: 'S3',
    title: '1,000 streams × 2 events/s',
    count: 1_000,
    intervalMs: 500,
    fresh: true,
    targets: FULL,
    references: ['direct'],
    baseline: 'pipe',
  },
  { ...small, ...tax, id: 'XJ', title: 'feature tax on J32: as shipped against log and routing off', connections: 32 },
  { ...burst, ...tax, id: 'XS1', title: 'feature tax on S1: as shipped against log and routing off' },
  {
    kind: 'startup',
    id: 'U',
    title: 'start-up and idle memory',
    targets: ['tightrope'],
    references: [],
    baseline: 'tightrope',
  },
];

/** Scenarios of performance.md A5 whose subject does not exist yet; each comes with its issue. */
export const LATER: readonly { readonly id: string; readonly title: string }[] = [
  { id: 'F', title: 'failover after a 429' },
  { id: 'R', title: 'routing with 10 to 500 accounts' },
  { id: 'W', title: 'WebSocket echo' },
];

/** Of the 60-second run. */
export const SMOKE_IDS: readonly string[] = ['J32', 'S1', 'S3'];

/**
 * Scenarios by id (`J32`) or family (`J`), in the order of the table.
 * @throws Error naming an id that does not exist
 */
export function selectScenarios(ids: readonly string[]): Scenario[] {
  const wanted = (id: string, scenario: Scenario): boolean => {
    return scenario.id === id || scenario.id.replace(/\d+$/, '') === id || scenario.id.slice(0, 1) === id;
  };
  for (const id of ids) {
    if (SCENARIOS.some((scenario) => wanted(id, scenario))) continue;
    const later = LATER.find((entry) => entry.id === id);
    throw new Error(later === undefined ? `no scenario ${id}` : `${id} (${later.title}) comes with its issue`);
  }
  return SCENARIOS.filter((scenario) => ids.some((id) => wanted(id, scenario)));
}
