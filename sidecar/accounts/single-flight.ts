/** One piece of work per key at a time, however many ask for it. */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Promise<T>>();

  /** Joins the running flight of this key, else starts one. The flight belongs to nobody: no asker can cancel it. */
  run(key: string, body: () => Promise<T>): Promise<T> {
    const running = this.#flights.get(key);
    if (running !== undefined) return running;
    const flight = body().finally(() => this.#flights.delete(key));
    // Its askers may all have left by the time it fails; the body has told of the failure by then.
    flight.catch(() => undefined);
    this.#flights.set(key, flight);
    return flight;
  }

  /** Resolves when no flight is in the air, however they end. */
  async settled(): Promise<void> {
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights.values());
  }
}

/** The promise's outcome, or the signal's reason if that comes first; the promise itself goes on. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(toError(signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
