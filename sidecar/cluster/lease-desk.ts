/** Leases inside one process: one holder per name, first come first served, with expiry. */
import type { Lease } from './cluster';

interface Waiter {
  /** Hands the name over. */
  grant(): void;
}

interface Holding {
  readonly end: (reason: string) => void;
}

/** Gives out leases. `stop()` ends them all. */
export class LeaseDesk {
  readonly #holders = new Map<string, Holding>();
  readonly #waiting = new Map<string, Waiter[]>();
  readonly #epochs = new Map<string, number>();
  #stopped = false;

  /**
   * @param ttlMs life in ms; `null` = until released (what ends with this process anyway needs no expiry).
   * @param signal ends the wait; the promise then rejects with its reason.
   * @returns `null` when the name is still held after `waitMs`, or the desk was stopped.
   */
  async acquire(
    name: string,
    options: { readonly ttlMs: number | null; readonly waitMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<Lease | null> {
    options.signal?.throwIfAborted();
    if (this.#stopped) return null;
    if (!this.#holders.has(name)) return this.#hold(name, options.ttlMs);
    if (options.waitMs <= 0) return null;
    return this.#wait(name, options.ttlMs, options.waitMs, options.signal);
  }

  stop(): void {
    this.#stopped = true;
    for (const holding of [...this.#holders.values()]) holding.end('stopped');
    for (const waiters of this.#waiting.values()) for (const waiter of [...waiters]) waiter.grant();
  }

  #wait(name: string, ttlMs: number | null, waitMs: number, signal: AbortSignal | undefined): Promise<Lease | null> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.#leaveQueue(name, waiter);
      };
      const waiter: Waiter = {
        grant: () => {
          finish();
          resolve(this.#stopped ? null : this.#hold(name, ttlMs));
        },
      };
      const onAbort = (): void => {
        finish();
        reject(signal?.reason instanceof Error ? signal.reason : new Error('The wait for a lease was given up.'));
      };
      const timer = setTimeout(
        () => {
          finish();
          resolve(null);
        },
        Math.min(waitMs, 2 ** 31 - 1),
      );
      timer.unref();
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), waiter]);
    });
  }

  #hold(name: string, ttlMs: number | null): Lease {
    const epoch = (this.#epochs.get(name) ?? 0) + 1;
    this.#epochs.set(name, epoch);
    const lost = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const end = (reason: string): void => {
      if (lost.signal.aborted) return;
      clearTimeout(timer);
      this.#holders.delete(name);
      lost.abort(new Error(`Lease ${name}: ${reason}.`));
      this.#waiting.get(name)?.[0]?.grant();
    };
    const startLife = (): void => {
      clearTimeout(timer);
      if (ttlMs === null) return;
      timer = setTimeout(() => end('expired'), ttlMs);
      timer.unref();
    };
    this.#holders.set(name, { end });
    startLife();
    return {
      name,
      epoch,
      signal: lost.signal,
      async renew() {
        if (!lost.signal.aborted) startLife();
        return !lost.signal.aborted;
      },
      async release() {
        end('released');
      },
    };
  }

  #leaveQueue(name: string, waiter: Waiter): void {
    const rest = (this.#waiting.get(name) ?? []).filter((other) => other !== waiter);
    if (rest.length === 0) this.#waiting.delete(name);
    else this.#waiting.set(name, rest);
  }
}
