/** A bounded wait for shared work. */

/** Resolves when the work is done, after `ms`, or when the signal aborts. The work must not reject. */
export function waitAtMost(work: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
    void work.then(finish);
  });
}
