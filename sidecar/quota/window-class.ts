/** What a window is: told by its length, never by the slot in which upstream puts it (codex-wire 2.9 traps). */
import type { WindowClass } from '../contract/quota';

const DAY_SECONDS = 86_400;
const SHORT_MOST = DAY_SECONDS;
const WEEKLY = [6 * DAY_SECONDS, 8 * DAY_SECONDS] as const;
const MONTHLY = [27 * DAY_SECONDS, 32 * DAY_SECONDS] as const;

/** Every class, shortest windows first; `other` has no place of its own. */
export const WINDOW_CLASSES: readonly WindowClass[] = ['short', 'weekly', 'monthly', 'other'];

/** Class of a window of `seconds`; `null` = length not known. */
export function classOfWindow(seconds: number | null): WindowClass {
  if (seconds === null || !(seconds > 0)) return 'other';
  if (seconds <= SHORT_MOST) return 'short';
  if (isWithin(seconds, WEEKLY)) return 'weekly';
  return isWithin(seconds, MONTHLY) ? 'monthly' : 'other';
}

function isWithin(seconds: number, [least, most]: readonly [number, number]): boolean {
  return least <= seconds && seconds <= most;
}
