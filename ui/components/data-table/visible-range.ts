/** Which rows of a long list exist: those in sight and a few around them. */

/** Rows kept ready above and below, so that a fast scroll shows no gaps. */
const AROUND = 8;

/** @returns the half-open range `[first, end)`; lengths in px. */
export function visibleRange(
  topPx: number,
  heightPx: number,
  rowPx: number,
  count: number,
): { first: number; end: number } {
  const first = Math.max(0, Math.min(count, Math.floor(topPx / rowPx)) - AROUND);
  const end = Math.min(count, Math.ceil((topPx + heightPx) / rowPx) + AROUND);
  return { first, end: Math.max(first, end) };
}
