/** Numbers for people. What is not known is `—`, never 0. */

export const UNKNOWN = '—';

const grouped = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;
const COUNT_UNITS = [
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

type Maybe = number | null | undefined;

function isKnown(value: Maybe): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Whole number with grouping. */
export function formatCount(value: Maybe): string {
  return isKnown(value) ? grouped.format(value) : UNKNOWN;
}

/** `1.92M`, `18.4k`, `640`: the exact number belongs into the tooltip. */
export function formatCompact(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  for (const [size, unit] of COUNT_UNITS) {
    if (Math.abs(value) >= size) return `${threeDigits(value / size)}${unit}`;
  }
  return grouped.format(value);
}

/** Bytes: none below 1 KB, then 0 to 2 decimals so that three digits show (spec/ui.md 3.4). */
export function formatBytes(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < BYTE_UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${Math.round(size)} B` : `${threeDigits(size)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** USD with two decimals; below a cent three significant ones: `$0.004` (spec/ui.md 5.8). */
export function formatUsd(value: Maybe): string {
  if (!isKnown(value)) return UNKNOWN;
  if (value !== 0 && Math.abs(value) < 0.01) return Math.abs(value) < 0.000_5 ? '<$0.001' : `$${value.toFixed(3)}`;
  return `$${value.toLocaleString(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** Whole percent. */
export function formatPercent(value: Maybe): string {
  return isKnown(value) ? `${Math.round(value)}%` : UNKNOWN;
}

/** Milliseconds below ten seconds, then seconds with one decimal (spec/ui.md 5.8). */
export function formatLatency(ms: Maybe): string {
  if (!isKnown(ms)) return UNKNOWN;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** Score of a strategy, three decimals. */
export function formatScore(value: Maybe): string {
  return isKnown(value) ? value.toFixed(3) : UNKNOWN;
}

function threeDigits(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
