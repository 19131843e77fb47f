/** Says when a run cannot be trusted (performance.md A5: the baseline varies by more than 25 %, others use more than 20 %). */
import type { ScenarioResult } from './measured-window';
import { figureSpread, spread } from './statistics';

const MAX_BASELINE_VARIATION = 0.25;
const MAX_OTHER_SHARE = 0.2;

/** Why the scenario is noisy; empty when it is not. */
export function noiseOf({ windows, baseline }: ScenarioResult): string[] {
  const reasons: string[] = [];
  const rates =
    figureSpread(windows, baseline, 'rate') ??
    figureSpread(windows, baseline, 'cpuMicros') ??
    figureSpread(windows, baseline, 'startMs');
  if (rates !== null && rates.median > 0) {
    const variation = (rates.max - rates.min) / rates.median;
    if (variation > MAX_BASELINE_VARIATION) reasons.push(`${baseline} varied by ${percent(variation)}`);
  }
  if (windows.length > 0) {
    const other = spread(windows.map((window) => window.otherShare)).median;
    const steal = spread(windows.map((window) => window.stealShare)).median;
    if (other > MAX_OTHER_SHARE) reasons.push(`other programs used ${percent(other)} of the machine`);
    if (steal > MAX_OTHER_SHARE) reasons.push(`the hypervisor took ${percent(steal)} of the machine`);
  }
  return reasons;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}
