/** Reads V8 CPU profiles (`node --cpu-prof`) and sums up who used the time of a window. */

/** The parts of a `.cpuprofile` that are used. Times in µs of CLOCK_MONOTONIC. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** One place in the tree of calls. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children?: readonly number[];
}

export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  /** From 0. */
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** What a function used within the window. */
export interface FunctionTime {
  readonly frame: CallFrame;
  /** In the function itself. */
  readonly selfMicros: number;
  /** With everything that it called, a recursive function counted once. */
  readonly totalMicros: number;
}

/** Times of the samples within `[fromMicros, toMicros)`, longest self time first. The time before a sample belongs to it. */
export function functionTimes(profile: CpuProfile, fromMicros: number, toMicros: number): FunctionTime[] {
  const selfOf = selfByNode(profile, fromMicros, toMicros);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parentOf = new Map<number, ProfileNode>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parentOf.set(child, node);
  const sums = new Map<string, { frame: CallFrame; selfMicros: number; totalMicros: number }>();
  for (const [id, micros] of selfOf) {
    const counted = new Set<string>();
    for (let node = nodes.get(id); node !== undefined; node = parentOf.get(node.id)) {
      const key = keyOf(node.callFrame);
      const sum = sums.get(key) ?? { frame: node.callFrame, selfMicros: 0, totalMicros: 0 };
      sums.set(key, sum);
      if (node.id === id) sum.selfMicros += micros;
      if (!counted.has(key)) sum.totalMicros += micros;
      counted.add(key);
    }
  }
  return [...sums.values()].sort((a, b) => b.selfMicros - a.selfMicros);
}

function selfByNode(profile: CpuProfile, fromMicros: number, toMicros: number): Map<number, number> {
  const selfOf = new Map<number, number>();
  let at = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    if (at >= fromMicros && at < toMicros) selfOf.set(id, (selfOf.get(id) ?? 0) + delta);
  }
  return selfOf;
}

function keyOf({ functionName, url, lineNumber, columnNumber }: CallFrame): string {
  return `${functionName} ${url}:${String(lineNumber)}:${String(columnNumber)}`;
}
