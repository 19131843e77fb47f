/** Each routing setting: its default, what it may be, and what is said when it is something else (spec/data-security.md 3.1). */
import { RoutingStrategy, type RoutingSettings } from '../contract/routing';
import { TightropeError, type ErrorCode } from '../platform/errors';
import { parsePriceOverrides } from './plan-model-pricing';
import type { SettingsValues } from './settings-store';

interface Field<T> {
  readonly byDefault: T;
  /** The value in its stored form; `undefined` = it may not be that. */
  readonly accept: (value: unknown) => T | undefined;
  readonly rule: string;
  readonly code: ErrorCode;
}

type Fields = { readonly [Name in keyof RoutingSettings]: Field<RoutingSettings[Name]> };

const STRATEGIES: readonly RoutingSettings['routingStrategy'][] = RoutingStrategy.anyOf.map((literal) => literal.const);
/** More than anybody pools. */
const MOST_LOCKED = 1000;
const LONGEST_ID = 200;

const flag = (byDefault: boolean): Field<boolean> => ({
  byDefault,
  accept: (value) => (typeof value === 'boolean' ? value : undefined),
  rule: 'true or false',
  code: 'invalid_field',
});

const weight = (byDefault: number): Field<number> => ({
  byDefault,
  accept: (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined),
  rule: 'a number from 0 to 1',
  code: 'invalid_routing_weight',
});

export const ROUTING_FIELDS: Fields = {
  routingStrategy: {
    byDefault: 'weighted_round_robin',
    accept: (value) => {
      const name = typeof value === 'string' ? value.trim().toLowerCase() : '';
      return STRATEGIES.find((strategy) => strategy === name);
    },
    rule: `one of ${STRATEGIES.join(', ')}`,
    code: 'invalid_routing_strategy',
  },
  preferEarlierResetAccounts: flag(false),
  routingHeadroomWeightPrimary: weight(0.35),
  routingHeadroomWeightSecondary: weight(0.65),
  routingSuccessRateRho: {
    byDefault: 2,
    accept: (value) => (typeof value === 'number' && value > 0 && value <= 64 ? value : undefined),
    rule: 'a number above 0 and at most 64',
    code: 'invalid_routing_success_rate_rho',
  },
  routingPlanModelPricingUsdPerMillion: {
    byDefault: '',
    accept: (value) => {
      if (typeof value !== 'string' || parsePriceOverrides(value).malformed.length > 0) return undefined;
      return value.trim();
    },
    rule: 'entries plan@model=input:output in USD per million tokens, separated by commas',
    code: 'invalid_routing_plan_model_pricing_usd_per_million',
  },
  lockedRoutingAccountIds: {
    byDefault: [],
    accept: acceptIds,
    rule: `a list of at most ${MOST_LOCKED} account ids`,
    code: 'invalid_field',
  },
  strictLockPoolContinuations: flag(false),
};

/** Trimmed, without blanks and repetitions, in their order. */
function acceptIds(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_LOCKED) return undefined;
  const ids = new Set<string>();
  for (const id of value) {
    if (typeof id !== 'string' || id.length > LONGEST_ID) return undefined;
    if (id.trim() !== '') ids.add(id.trim());
  }
  return [...ids];
}

/** Calls `read` once for every setting and gathers what it gives. */
function gather(read: <Name extends keyof RoutingSettings>(name: Name) => RoutingSettings[Name]): RoutingSettings {
  return Object.freeze({
    routingStrategy: read('routingStrategy'),
    preferEarlierResetAccounts: read('preferEarlierResetAccounts'),
    routingHeadroomWeightPrimary: read('routingHeadroomWeightPrimary'),
    routingHeadroomWeightSecondary: read('routingHeadroomWeightSecondary'),
    routingSuccessRateRho: read('routingSuccessRateRho'),
    routingPlanModelPricingUsdPerMillion: read('routingPlanModelPricingUsdPerMillion'),
    lockedRoutingAccountIds: read('lockedRoutingAccountIds'),
    strictLockPoolContinuations: read('strictLockPoolContinuations'),
  });
}

/**
 * The settings out of what is stored. A value that may not be (written by another version or another hand) counts as not
 * set; `onUnusable` hears its name.
 */
export function readRoutingSettings(stored: SettingsValues, onUnusable: (name: string) => void): RoutingSettings {
  return gather((name) => {
    const { accept, byDefault } = ROUTING_FIELDS[name];
    const accepted = stored[name] === undefined ? byDefault : accept(stored[name]);
    if (accepted === undefined) onUnusable(name);
    return accepted ?? byDefault;
  });
}

/**
 * The routing settings among these changes, in their stored form; others are left out, and so is `null` (not given).
 * @throws TightropeError naming the field and its rule: `invalid_routing_strategy` and others of the table
 */
export function checkRoutingChanges(changes: SettingsValues): SettingsValues {
  const checked: Record<string, unknown> = {};
  for (const [name, { accept, rule, code }] of Object.entries<Field<unknown>>(ROUTING_FIELDS)) {
    const value = changes[name] ?? undefined;
    if (value === undefined) continue;
    const accepted = accept(value);
    if (accepted === undefined) throw new TightropeError(code, { message: `${name} must be ${rule}.`, param: name });
    checked[name] = accepted;
  }
  return checked;
}
