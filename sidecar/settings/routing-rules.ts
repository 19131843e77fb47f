/** The settings that decide who serves, in the form the router uses on the request's path. */
import type { RoutingStrategy } from '../contract/routing';
import type { Settings } from '../contract/settings';
import { parsePriceOverrides, type TokenPrice } from './plan-model-pricing';
import type { SettingsService } from './settings-service';

/** Another object after every change. */
export interface RoutingRules {
  readonly strategy: RoutingStrategy;
  readonly preferEarlierReset: boolean;
  readonly headroomWeights: { readonly short: number; readonly long: number };
  readonly rho: number;
  /** Empty while fewer than two accounts are locked (spec/proxy.md 6.3). */
  readonly lockPool: ReadonlySet<string>;
  readonly strictContinuations: boolean;
  readonly prices: ReadonlyMap<string, TokenPrice>;
}

/** One account alone is a pin, not a pool. */
const LEAST_LOCK_POOL = 2;

/**
 * The rules as they are at each call; nothing is made anew until a setting changes.
 * @param configuredPricing price overrides of the configuration; they win over those of the settings, entry by entry
 */
export function followRoutingRules(
  settings: Pick<SettingsService, 'current'>,
  configuredPricing: string | null,
): () => RoutingRules {
  let from = settings.current();
  let rules = routingRulesOf(from, configuredPricing);
  return () => {
    const current = settings.current();
    if (current !== from) {
      from = current;
      rules = routingRulesOf(current, configuredPricing);
    }
    return rules;
  };
}

function routingRulesOf(settings: Settings, configuredPricing: string | null): RoutingRules {
  const locked = settings.lockedRoutingAccountIds;
  return Object.freeze({
    strategy: settings.routingStrategy,
    preferEarlierReset: settings.preferEarlierResetAccounts,
    headroomWeights: { short: settings.routingHeadroomWeightPrimary, long: settings.routingHeadroomWeightSecondary },
    rho: settings.routingSuccessRateRho,
    lockPool: new Set(locked.length >= LEAST_LOCK_POOL ? locked : []),
    strictContinuations: settings.strictLockPoolContinuations,
    prices: new Map([
      ...parsePriceOverrides(settings.routingPlanModelPricingUsdPerMillion).prices,
      ...parsePriceOverrides(configuredPricing ?? '').prices,
    ]),
  });
}
