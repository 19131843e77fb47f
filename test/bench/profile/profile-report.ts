/** The text of a profile: by area, the functions that used most time themselves, and our own ones with what they call. */
import { markdownTable } from '../report/table';
import type { CallFrame, FunctionTime } from './cpu-profile';
import type { Place } from './source-places';

/** Functions listed. */
const TOP = 25;

interface PlacedTime extends FunctionTime {
  readonly place: Place;
}

/** @param units requests or events of the window, to say what one of them costs */
export function profileReport(
  times: readonly FunctionTime[],
  placeOf: (frame: CallFrame) => Place,
  units: number,
): string {
  const placed = times.map((time) => ({ ...time, place: placeOf(time.frame) }));
  const busy = placed.filter(({ place }) => place.area !== 'idle');
  const total = busy.reduce((sum, { selfMicros }) => sum + selfMicros, 0);
  const cells = (micros: number): string[] => {
    return [`${((micros / total) * 100).toFixed(1)} %`, (micros / Math.max(1, units)).toFixed(2)];
  };
  const ours = busy.filter(({ place }) => place.where.startsWith('sidecar/'));
  const byTotal = ours.toSorted((a, b) => b.totalMicros - a.totalMicros);
  return [
    markdownTable(
      ['area', 'share', 'µs each'],
      [...byArea(busy)].map(([area, micros]) => [area, ...cells(micros)]),
    ),
    markdownTable(
      ['function, itself', 'share', 'µs each'],
      busy.slice(0, TOP).map((time) => [nameOf(time), ...cells(time.selfMicros)]),
    ),
    markdownTable(
      ['own function, with what it calls', 'share', 'µs each'],
      byTotal.slice(0, TOP).map((time) => [nameOf(time), ...cells(time.totalMicros)]),
    ),
  ].join('\n\n');
}

/** Self times by area, longest first. */
function byArea(times: readonly PlacedTime[]): Map<string, number> {
  const areas = new Map<string, number>();
  for (const { place, selfMicros } of times) areas.set(place.area, (areas.get(place.area) ?? 0) + selfMicros);
  return new Map([...areas].sort(([, a], [, b]) => b - a));
}

function nameOf({ frame, place }: PlacedTime): string {
  return `${frame.functionName || '(anonymous)'} ${place.where}`.trim();
}
