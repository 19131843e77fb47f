/** How long and how often, and in which order (performance.md A5 "Method"). */
import type { TargetName } from '../targets/target';
import type { Scenario } from './scenario-table';

export interface Method {
  /** Rounds of load scenarios; each gives one pair per baseline. */
  readonly pairs: number;
  /** Rounds of scenarios that start a new process for each window. */
  readonly freshPairs: number;
  readonly windowMs: number;
  readonly warmUpMs: number;
  /** Targets beyond those of the scenario. */
  readonly peers: readonly TargetName[];
  /** Targets that are not there (nginx not installed). */
  readonly absent: ReadonlySet<TargetName>;
}

/** References are measured in this many rounds. */
const REFERENCE_ROUNDS = 2;

/** Scenarios that peers take part in (performance.md A5, P). */
const PEER_SCENARIOS: ReadonlySet<string> = new Set(['J32', 'S1']);

/** A B B A: every other round runs backwards, so that a drift of the machine meets both sides of a pair alike. */
export function roundOrder(scenario: Scenario, round: number, method: Method): TargetName[] {
  const references = round < REFERENCE_ROUNDS ? scenario.references : [];
  const peers = round < REFERENCE_ROUNDS && PEER_SCENARIOS.has(scenario.id) ? method.peers : [];
  const order = [...references, ...peers, ...scenario.targets].filter((name) => !method.absent.has(name));
  return round % 2 === 0 ? order : order.reverse();
}
