/**
 * Counts turns in flight, refuses more than the limit, and tells a drain when the last one has ended. Under congestion no API
 * key gets more than its fair share, so that one busy client cannot shut the others out.
 */
export interface Admission {
  /**
   * Takes a slot; `null` when all are taken, or when there is a crowd and this scope has its share. The returned function
   * gives it back, once.
   * @param scope whose turn it is: the id of an API key, `null` for everybody without one
   */
  enter(scope: string | null): (() => void) | null;
  inFlight(): number;
  /** Resolves when no turn is in flight. */
  idle(): Promise<void>;
}

/** From this part of the limit on there is a crowd: below it everybody takes what they want. */
const CROWDED_FROM = 0.75;

/** @param limit turns at a time (design §11: 512) */
export function createAdmission(limit: number): Admission {
  const crowdedFrom = Math.ceil(limit * CROWDED_FROM);
  const turnsOf = new Map<string | null, number>();
  let inFlight = 0;
  let waiting: (() => void)[] = [];

  const hasItsShare = (own: number): boolean => {
    if (inFlight < crowdedFrom) return false;
    const scopes = turnsOf.size + (own === 0 ? 1 : 0);
    return own >= Math.ceil(limit / scopes);
  };
  const leave = (scope: string | null): void => {
    const left = (turnsOf.get(scope) ?? 1) - 1;
    if (left === 0) turnsOf.delete(scope);
    else turnsOf.set(scope, left);
    inFlight -= 1;
    if (inFlight > 0) return;
    for (const wake of waiting) wake();
    waiting = [];
  };
  return {
    enter: (scope) => {
      const own = turnsOf.get(scope) ?? 0;
      if (inFlight >= limit || hasItsShare(own)) return null;
      inFlight += 1;
      turnsOf.set(scope, own + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        leave(scope);
      };
    },
    inFlight: () => inFlight,
    idle: () => (inFlight === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
