/** The present moment for countdowns and ages: one timer for the whole page. */
import { signal } from '@preact/signals';

/** UTC ms, moved on every second while the page is seen. */
export const nowMs = signal(Date.now());

const TICK_MS = 1_000;

/** Returns what stops it. */
export function startClock(): () => void {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') nowMs.value = Date.now();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** The same in steps of `stepMs`: whoever shows minutes need not draw every second. */
export function coarse(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}
