/** Counts turns in flight, refuses more than the limit, and tells a drain when the last one has ended. */
export interface Admission {
  /** Takes a slot; `null` when all are taken. The returned function gives it back, once. */
  enter(): (() => void) | null;
  inFlight(): number;
  /** Resolves when no turn is in flight. */
  idle(): Promise<void>;
}

/** @param limit turns at a time (design §11: 512) */
export function createAdmission(limit: number): Admission {
  let inFlight = 0;
  let waiting: (() => void)[] = [];
  const leave = (): void => {
    inFlight -= 1;
    if (inFlight > 0) return;
    for (const wake of waiting) wake();
    waiting = [];
  };
  return {
    enter: () => {
      if (inFlight >= limit) return null;
      inFlight += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        leave();
      };
    },
    inFlight: () => inFlight,
    idle: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
