/** Wall-clock time as a dependency, so that tests decide what time it is. */

/** Tells the time. */
export interface Clock {
  /** UTC milliseconds since 1970, an integer. */
  now(): number;
}

/** The machine's own clock. It may step backwards when the machine is set right; nothing may rely on it for durations. */
export const systemClock: Clock = { now: () => Date.now() };
