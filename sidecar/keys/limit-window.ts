/** Windows of limits: fixed periods that follow each other from the moment the limit was made (spec/data-security.md 8.6). */
import type { LimitWindow } from '../contract/api-keys';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Length of each window, ms; a month is 30 days. */
export const WINDOW_MS: Readonly<Record<LimitWindow, number>> = {
  five_hour: 5 * HOUR_MS,
  daily: DAY_MS,
  weekly: 7 * DAY_MS,
  monthly: 30 * DAY_MS,
};

/**
 * The end of the window that `nowMs` lies in. A window ends before its reset time: at that very millisecond the next one has begun.
 * @param resetAtMs end of this or an earlier window, UTC ms; while the clock is before it, it stays
 */
export function windowEnd(resetAtMs: number, periodMs: number, nowMs: number): number {
  if (nowMs < resetAtMs) return resetAtMs;
  return resetAtMs + (Math.floor((nowMs - resetAtMs) / periodMs) + 1) * periodMs;
}
