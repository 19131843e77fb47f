import { TightropeError } from '../../../sidecar/platform/errors';
import type { SettingsStore, SettingsValues } from '../../../sidecar/settings/settings-store';

/** A settings store in memory, for services that keep a setting. */
export interface MemorySettings extends SettingsStore {
  writes(): number;
  /** The next write fails. */
  failOnce(): void;
}

export function memorySettings(initial: SettingsValues = {}): MemorySettings {
  let stored = { version: 1, settings: initial };
  let failing = false;
  return {
    get: async () => stored,
    patch: async (changes) => {
      await Promise.resolve();
      if (failing) {
        failing = false;
        throw new TightropeError('db_unavailable');
      }
      stored = { version: stored.version + 1, settings: { ...stored.settings, ...changes } };
      return stored;
    },
    writes: () => stored.version - 1,
    failOnce: () => {
      failing = true;
    },
  };
}
