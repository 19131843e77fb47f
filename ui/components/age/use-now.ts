/** The present moment for one component, in steps, so that minutes do not redraw every second. */
import { useComputed } from '@preact/signals';
import { coarse, nowMs } from '../../state/clock';

/** UTC ms, changing every `stepMs`. */
export function useNow(stepMs: number): number {
  return useComputed(() => coarse(nowMs.value, stepMs)).value;
}
