/** From samples to the points of a trend. Pure. */
import type { UsageTrendPoint, WindowClass } from '../contract/quota';
import { slotsOf } from './quota-view';
import type { TrendBucket } from './quota-store';
import { WINDOW_CLASSES } from './window-class';

/** Trends of up to this many days are by the hour unless asked otherwise. */
const MOST_DAYS_BY_HOUR = 7;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export type TrendStep = 'hour' | 'day';

export function stepFor(days: number): TrendStep {
  return days <= MOST_DAYS_BY_HOUR ? 'hour' : 'day';
}

export function stepMs(step: TrendStep): number {
  return step === 'hour' ? HOUR_MS : DAY_MS;
}

/** Beginning of the first bucket of a trend that ends now, UTC ms. */
export function trendStartMs(days: number, step: TrendStep, nowMs: number): number {
  const startMs = nowMs - days * DAY_MS;
  return startMs - (startMs % stepMs(step));
}

/** One point per bucket. The slots are the same in all of them: shortest and longest class of the whole trend. */
export function trendPoints(buckets: readonly TrendBucket[]): UsageTrendPoint[] {
  const present = new Set(buckets.map((bucket) => bucket.window_class));
  const [primary, secondary] = slotsOf(WINDOW_CLASSES.filter((windowClass) => present.has(windowClass)));
  const points = new Map<number, Partial<Record<WindowClass, number>>>();
  for (const { bucket_ms: atMs, window_class: windowClass, used_percent: percent } of buckets) {
    const percents = points.get(atMs) ?? {};
    points.set(atMs, { ...percents, [windowClass]: percent });
  }
  const of = (percents: Partial<Record<WindowClass, number>>, slot: WindowClass | undefined): number | null =>
    slot === undefined ? null : (percents[slot] ?? null);
  return [...points].map(([atMs, percents]) => ({
    atMs,
    primaryPercent: of(percents, primary),
    secondaryPercent: of(percents, secondary),
    percents,
  }));
}
