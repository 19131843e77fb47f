/** The routing settings: read once, held in memory for the request's path, changed through the settings store. */
import type { RoutingSettings, RoutingStrategy } from '../contract/routing';
import { createEventBus } from '../platform/event-bus';
import type { Logger } from '../platform/logger';
import { parsePriceOverrides, type TokenPrice } from './plan-model-pricing';
import { checkRoutingChanges, readRoutingSettings } from './routing-fields';
import type { SettingsStore, SettingsValues, StoredSettings } from './settings-store';

/** The settings as the router uses them. Another object after every change. */
export interface RoutingRules {
  readonly strategy: RoutingStrategy;
  readonly preferEarlierReset: boolean;
  readonly headroomWeights: { readonly short: number; readonly long: number };
  readonly rho: number;
  /** Empty while fewer than two accounts are locked (spec/proxy.md 6.3). */
  readonly lockPool: ReadonlySet<string>;
  readonly prices: ReadonlyMap<string, TokenPrice>;
}

export interface RoutingSettingsParts {
  readonly store: SettingsStore;
  /** Price overrides of the configuration; they win over those of the settings, entry by entry. `null` = none. */
  readonly configuredPricing: string | null;
  readonly logger: Logger;
}

/** One account alone is a pin, not a pool. */
const LEAST_LOCK_POOL = 2;

export class RoutingSettingsService {
  readonly #parts: RoutingSettingsParts;
  readonly #bus;
  #settings: RoutingSettings;
  #rules: RoutingRules;
  /** Changes run one after the other, so that memory and disk end up with the same one. */
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(parts: RoutingSettingsParts, stored: StoredSettings) {
    this.#parts = parts;
    this.#bus = createEventBus<RoutingSettings>((error) => {
      parts.logger.error('routing_settings_listener_failed', { error });
    });
    this.#settings = this.#read(stored);
    this.#rules = this.#rulesOf(this.#settings);
  }

  /** Reads what is stored; values that may not be are left out with a warning. */
  static async open(parts: RoutingSettingsParts): Promise<RoutingSettingsService> {
    return new RoutingSettingsService(parts, await parts.store.get());
  }

  get(): RoutingSettings {
    return this.#settings;
  }

  /** The same object until something changes. */
  rules(): RoutingRules {
    return this.#rules;
  }

  /**
   * Stores and applies the routing settings among `changes`; the next request is served by them.
   * @param expectedVersion version of the stored settings that the change was made for
   * @throws TightropeError naming the field that may not be so; `conflict` when the version is no longer current
   */
  patch(changes: SettingsValues, expectedVersion?: number): Promise<RoutingSettings> {
    return this.#inTurn(async () => {
      const checked = checkRoutingChanges(changes);
      if (Object.keys(checked).length > 0) this.#apply(await this.#parts.store.patch(checked, expectedVersion));
      return this.#settings;
    });
  }

  /** Reads again what is stored, after something else than `patch` has written it. */
  reload(): Promise<void> {
    return this.#inTurn(async () => this.#apply(await this.#parts.store.get()));
  }

  /** Hears of every change; the returned function ends that. */
  onChange(listener: (settings: RoutingSettings) => void): () => void {
    return this.#bus.on(listener);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(change);
    this.#changes = done.catch(() => undefined); // the caller gets the error; the next change starts afresh
    return done;
  }

  #apply(stored: StoredSettings): void {
    const settings = this.#read(stored);
    if (JSON.stringify(settings) === JSON.stringify(this.#settings)) return;
    this.#settings = settings;
    this.#rules = this.#rulesOf(settings);
    this.#bus.emit(settings);
  }

  #read({ settings }: StoredSettings): RoutingSettings {
    return readRoutingSettings(settings, (setting) => this.#parts.logger.warn('routing_setting_unusable', { setting }));
  }

  #rulesOf(settings: RoutingSettings): RoutingRules {
    const locked = settings.lockedRoutingAccountIds;
    return Object.freeze({
      strategy: settings.routingStrategy,
      preferEarlierReset: settings.preferEarlierResetAccounts,
      headroomWeights: { short: settings.routingHeadroomWeightPrimary, long: settings.routingHeadroomWeightSecondary },
      rho: settings.routingSuccessRateRho,
      lockPool: new Set(locked.length >= LEAST_LOCK_POOL ? locked : []),
      prices: new Map([
        ...parsePriceOverrides(settings.routingPlanModelPricingUsdPerMillion).prices,
        ...parsePriceOverrides(this.#parts.configuredPricing ?? '').prices,
      ]),
    });
  }
}
