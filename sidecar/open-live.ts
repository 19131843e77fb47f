/** Wires the live service to its sources. */
import { LiveService, type LiveDependencies } from './live/live-service';
import type { Services } from './services';
import { SETTING_NAMES } from './contract/settings';

export function openLive(
  { bus, clock, events, ledger, settings }: Services,
  parts: Pick<LiveDependencies, 'version' | 'instanceId' | 'openTurns'>,
): LiveService {
  return new LiveService({
    ...parts,
    clock,
    takeSeq: () => events.takeSeq(),
    sources: {
      runtimeEvents: (listener) => bus.on(listener),
      closedTurns: (listener) => ledger.onRecorded(listener),
      settings: (listener) =>
        settings.onChange(({ before, after }) => {
          listener(SETTING_NAMES.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name])));
        }),
    },
  });
}
