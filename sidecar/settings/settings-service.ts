/** The dashboard settings: held in memory for everybody who acts on them, changed in the store first. */
import { isDeepStrictEqual } from 'node:util';
import { SETTING_NAMES, type Settings, type SettingsVersion } from '../contract/settings';
import { TightropeError } from '../platform/errors';
import { createEventBus } from '../platform/event-bus';
import type { Logger } from '../platform/logger';
import { checkChanges, readSettings } from './setting-values';
import type { SettingsStore, SettingsValues, SettingsWrite, StoredSettings } from './settings-store';

/** What a change did. */
export interface SettingsChanged {
  readonly before: Settings;
  readonly after: Settings;
}

export interface SettingsServiceParts {
  readonly store: SettingsStore;
  readonly logger: Logger;
}

/** Refuses, by throwing, a change that another feature cannot live with; it sees the settings as they would be. */
export type ChangeCheck = (change: SettingsChanged) => void;

export class SettingsService {
  readonly #store: SettingsStore;
  readonly #logger: Logger;
  readonly #bus;
  readonly #checks: ChangeCheck[] = [];
  #stored: StoredSettings;
  #settings: Settings;
  /** Changes run one after the other, so that memory and disk end up with the same one. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor({ store, logger }: SettingsServiceParts, stored: StoredSettings) {
    this.#store = store;
    this.#logger = logger;
    this.#bus = createEventBus<SettingsChanged>((error) => logger.error('settings_listener_failed', { error }));
    this.#stored = stored;
    this.#settings = this.#read(stored);
  }

  /** Reads what is stored; values that may not be count as not set and give a warning. */
  static async open(parts: SettingsServiceParts): Promise<SettingsService> {
    return new SettingsService(parts, await parts.store.get());
  }

  /** The same frozen object until something changes. */
  current(): Settings {
    return this.#settings;
  }

  version(): number {
    return this.#stored.version;
  }

  /**
   * Stores the settings among `changes`; from then on `current()` holds them.
   * @throws TightropeError naming the field that may not be so; `conflict` when `expectedVersion` is stale
   */
  change(changes: SettingsValues, write: SettingsWrite): Promise<Settings> {
    return this.#inTurn(() => {
      const checked = checkChanges(changes);
      return this.#write((stored) => ({ ...stored, ...withoutEqual(checked, stored) }), write);
    });
  }

  /**
   * Brings back the settings of an earlier version, as a new version.
   * @throws TightropeError `settings_version_not_found`
   */
  restore(version: number, by: string): Promise<Settings> {
    return this.#inTurn(async () => {
      const then = await this.#store.atVersion(version);
      if (then === null) throw new TightropeError('settings_version_not_found');
      const wanted = checkChanges(then);
      return this.#write((stored) => ({ ...withoutSettings(stored), ...wanted }), { by });
    });
  }

  /** The changes, newest first. */
  history(limit: number, before?: number): Promise<SettingsVersion[]> {
    return this.#store.history(limit, before);
  }

  /** Hears of every change after it is stored; the returned function ends that. */
  onChange(listener: (change: SettingsChanged) => void): () => void {
    return this.#bus.on(listener);
  }

  /** Asked before every change; for rules between a setting and the state of another feature. */
  addCheck(check: ChangeCheck): void {
    this.#checks.push(check);
  }

  async #write(next: (stored: SettingsValues) => SettingsValues, write: SettingsWrite): Promise<Settings> {
    const stored = await this.#store.change((before) => {
      const made = next(before);
      const change = { before: this.#settings, after: readSettings(made, () => undefined) };
      for (const check of this.#checks) check(change);
      return made;
    }, write);
    this.#apply(stored);
    return this.#settings;
  }

  #apply(stored: StoredSettings): void {
    const before = this.#settings;
    const after = this.#read(stored);
    this.#stored = stored;
    if (isDeepStrictEqual(before, after)) return;
    this.#settings = after;
    this.#bus.emit({ before, after });
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return done;
  }

  #read({ settings }: StoredSettings): Settings {
    return readSettings(settings, (setting) => this.#logger.warn('setting_unusable', { setting }));
  }
}

/** The changes that change something: what is a default already is not stored, so that an answer sent back is no change. */
function withoutEqual(changes: SettingsValues, stored: SettingsValues): SettingsValues {
  const current: SettingsValues = readSettings(stored, () => undefined);
  return Object.fromEntries(Object.entries(changes).filter(([name, to]) => !isDeepStrictEqual(to, current[name])));
}

/** What is stored beside the settings. */
function withoutSettings(stored: SettingsValues): SettingsValues {
  const names: readonly string[] = SETTING_NAMES;
  return Object.fromEntries(Object.entries(stored).filter(([name]) => !names.includes(name)));
}
