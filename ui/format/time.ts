/** Times and durations for people. All times are UTC ms; what people see is their own zone. */
import { UNKNOWN } from './number';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Maybe = number | null | undefined;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minuteClock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

/** `13:05:09` */
export function formatClock(atMs: number): string {
  return clock.format(atMs);
}

/** `13:05:09` today, else `Nov 27, 13:05`. */
export function formatMoment(atMs: Maybe, nowMs: number): string {
  if (atMs === null || atMs === undefined) return UNKNOWN;
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString();
  return isToday ? clock.format(atMs) : `${day.format(atMs)}, ${minuteClock.format(atMs)}`;
}

/** Date, time and zone, for tooltips. */
export function formatFull(atMs: Maybe): string {
  return atMs === null || atMs === undefined ? UNKNOWN : full.format(atMs);
}

/** `Nov 27` */
export function formatDay(atMs: number): string {
  return day.format(atMs);
}

/** `2d 3h`, `2h 24m`, `3m`, `12s`: the two largest units, rounded down. */
export function formatDuration(ms: Maybe): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  const positive = Math.max(0, ms);
  if (positive >= DAY_MS)
    return units(Math.floor(positive / DAY_MS), 'd', Math.floor((positive % DAY_MS) / HOUR_MS), 'h');
  if (positive >= HOUR_MS) {
    return units(Math.floor(positive / HOUR_MS), 'h', Math.floor((positive % HOUR_MS) / MINUTE_MS), 'm');
  }
  if (positive >= MINUTE_MS) return `${Math.floor(positive / MINUTE_MS)}m`;
  return `${Math.floor(positive / 1000)}s`;
}

/** Time until a moment, rounded up to whole minutes so that no clock runs early: `2h 24m`, `now`. */
export function formatCountdown(atMs: Maybe, nowMs: number): string {
  if (atMs === null || atMs === undefined) return UNKNOWN;
  if (atMs <= nowMs) return 'now';
  return formatDuration(Math.ceil((atMs - nowMs) / MINUTE_MS) * MINUTE_MS);
}

/** How long ago: `just now`, `40s ago`, `3m ago`. */
export function formatAge(atMs: Maybe, nowMs: number): string {
  if (atMs === null || atMs === undefined) return UNKNOWN;
  const ms = nowMs - atMs;
  return ms < 5_000 ? 'just now' : `${formatDuration(ms)} ago`;
}

function units(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit} ${second}${secondUnit}`;
}
