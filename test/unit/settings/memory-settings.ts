import { isDeepStrictEqual } from 'node:util';
import { TightropeError } from '../../../sidecar/platform/errors';
import type { SettingsStore, SettingsValues, StoredSettings } from '../../../sidecar/settings/settings-store';

/** A settings store in memory, for services that keep a setting. */
export interface MemorySettings extends SettingsStore {
  /** Successful writes of both kinds. */
  writes(): number;
  /** The next write fails. */
  failOnce(): void;
}

export function memorySettings(initial: SettingsValues = {}): MemorySettings {
  let stored: StoredSettings = { version: 1, settings: initial };
  const versions = new Map([[1, initial]]);
  let failing = false;
  let writes = 0;
  const write = (next: StoredSettings): StoredSettings => {
    if (failing) {
      failing = false;
      throw new TightropeError('db_unavailable');
    }
    writes += 1;
    stored = next;
    versions.set(next.version, next.settings);
    return stored;
  };
  return {
    get: async () => stored,
    change: async (next, { expectedVersion }) => {
      await Promise.resolve();
      if (expectedVersion !== undefined && expectedVersion !== stored.version) throw new TightropeError('conflict');
      const settings = next(stored.settings);
      if (isDeepStrictEqual(settings, stored.settings)) return stored;
      return write({ version: stored.version + 1, settings });
    },
    keep: async (state) => {
      await Promise.resolve();
      write({ version: stored.version, settings: { ...stored.settings, ...state } });
    },
    history: async () => [],
    atVersion: async (version) => versions.get(version) ?? null,
    writes: () => writes,
    failOnce: () => {
      failing = true;
    },
  };
}
