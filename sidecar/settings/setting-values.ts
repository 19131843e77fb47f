/** Checks single settings against the table of `contract/settings.ts`, and brings them into their stored form. */
import { Type } from '@sinclair/typebox';
import {
  SETTING_NAMES,
  SETTINGS,
  snakeCaseOf,
  type Setting,
  type SettingName,
  type Settings,
} from '../contract/settings';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import { parsePriceOverrides } from './plan-model-pricing';
import type { SettingsValues } from './settings-store';

/** How a value is tidied before it is checked, where it is; a value of a wrong type is given back for the check to refuse. */
const TIDIED: Partial<Record<SettingName, (value: unknown) => unknown>> = {
  routingStrategy: (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
  routingPlanModelPricingUsdPerMillion: readPrices,
  lockedRoutingAccountIds: (value) => (Array.isArray(value) ? withoutBlanksAndRepetitions(value) : value),
};

type Check = (value: unknown) => unknown;

const CHECKS: ReadonlyMap<SettingName, Check> = new Map(SETTING_NAMES.map((name) => [name, checkOf(name)]));

/** All settings out of what is stored. A value that may not be counts as not set; `onUnusable` hears its name. */
export function readSettings(stored: SettingsValues, onUnusable: (name: SettingName) => void): Settings {
  const read = (name: SettingName): unknown => {
    const { byDefault }: Setting = SETTINGS[name];
    if (stored[name] === undefined) return byDefault;
    try {
      return CHECKS.get(name)?.(stored[name]);
    } catch (error) {
      if (!(error instanceof TightropeError)) throw error;
      onUnusable(name);
      return byDefault;
    }
  };
  return Object.freeze(Object.fromEntries(SETTING_NAMES.map((name) => [name, read(name)]))) as Settings;
}

/**
 * The settings among these changes, in their stored form; other names and `null` are passed over. Each name is read in
 * snake_case as well; camelCase wins.
 * @throws TightropeError naming the first field, in the order of the table, that may not be so
 */
export function checkChanges(changes: SettingsValues): Partial<Settings> {
  const checked: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const value = changes[name] ?? changes[snakeCaseOf(name)] ?? undefined;
    if (value !== undefined) checked[name] = CHECKS.get(name)?.(value);
  }
  return checked;
}

function checkOf(name: SettingName): Check {
  const { schema, code }: Setting = SETTINGS[name];
  // Inside an object, so that the message and `param` name the field.
  const check = compile(Type.Object({ [name]: schema }), 'body', { code });
  const tidy = TIDIED[name];
  return (value) => check({ [name]: tidy === undefined ? value : tidy(value) })[name];
}

function readPrices(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [malformed] = parsePriceOverrides(value).malformed;
  if (malformed === undefined) return value.trim();
  throw new TightropeError('invalid_routing_plan_model_pricing_usd_per_million', {
    message: 'routingPlanModelPricingUsdPerMillion must hold entries plan@model=input:output, separated by commas.',
    param: 'routingPlanModelPricingUsdPerMillion',
  });
}

function withoutBlanksAndRepetitions(values: readonly unknown[]): unknown[] {
  const tidied = values.map((value) => (typeof value === 'string' ? value.trim() : value));
  return [...new Set(tidied.filter((value) => value !== ''))];
}
