/** A pause that a turn's end cuts short. */
import { setTimeout as pause } from 'node:timers/promises';

/** Waits `ms`; `false` when the turn was cancelled meanwhile. */
export async function pauseUnlessCancelled(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal });
    return true;
  } catch (thrown) {
    if (signal.aborted) return false;
    throw thrown;
  }
}
