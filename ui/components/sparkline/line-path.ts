/** From values to the path of a line in an SVG. */

/** Distance of the line from the upper and lower edge, px. */
const EDGE = 1.5;

/** `null` values leave a gap. A single value, or values that are all equal, still make a line. */
export function linePath(values: readonly (number | null)[], width: number, height: number, max?: number): string {
  const top = Math.max(max ?? 0, ...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const step = values.length <= 1 ? width : width / (values.length - 1);
  let path = '';
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value === null) {
      drawing = false;
      continue;
    }
    const y = height - EDGE - (value / top) * (height - 2 * EDGE);
    path += `${drawing ? 'L' : 'M'}${(index * step).toFixed(1)} ${y.toFixed(1)}`;
    drawing = true;
  }
  return values.length === 1 && path !== '' ? `${path}h${width}` : path;
}
