/** Waits for a fact that another process makes true in its own time: bounded, and says what it waited for. */
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 20;

/**
 * Asks until the answer is not `undefined` and returns it.
 * @throws Error naming `what` after `withinMs` milliseconds (default 10 s)
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await pause(POLL_MS);
  }
}

/** Rejects when the promise has not settled after `withinMs` milliseconds. */
export async function within<T>(what: string, promise: Promise<T>, withinMs = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`did not happen within ${withinMs} ms: ${what}`)), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
