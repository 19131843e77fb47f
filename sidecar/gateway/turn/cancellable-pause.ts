/** A pause that a turn's end cuts short. */
import type { CoarseTimers } from '../../platform/coarse-timers';

/** Waits `ms`, up to two ticks of the timers longer; `false` when the turn was cancelled meanwhile. */
export function pauseUnlessCancelled(timers: CoarseTimers, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      timer.cancel();
      resolve(false);
    };
    const timer = timers.arm(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
