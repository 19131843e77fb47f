/** Which settings are shown where and with which control. Settings without a line here have no control. */
import type { SettingKey } from '../../state/settings';
import { settingsText } from '../../strings';

export type Control =
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly choices: readonly (readonly [string, string])[] }
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  | { readonly kind: 'text' }
  | { readonly kind: 'accounts' };

export interface SettingLine {
  readonly key: SettingKey;
  readonly control: Control;
  /** Behind "Advanced". */
  readonly advanced?: boolean;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly lines: readonly SettingLine[];
}

const entries = (labels: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(labels);

export const SECTIONS: readonly Section[] = [
  {
    id: 'routing',
    title: settingsText.sectionTitles.routing,
    lines: [
      { key: 'routingStrategy', control: { kind: 'choice', choices: entries(settingsText.strategies) } },
      { key: 'preferEarlierResetAccounts', control: { kind: 'switch' } },
      { key: 'lockedRoutingAccountIds', control: { kind: 'accounts' } },
      { key: 'strictLockPoolContinuations', control: { kind: 'switch' }, advanced: true },
      {
        key: 'openaiCacheAffinityMaxAgeSeconds',
        control: { kind: 'number', low: 1, high: 2_592_000 },
        advanced: true,
      },
      { key: 'routingHeadroomWeightPrimary', control: { kind: 'number', low: 0, high: 1 }, advanced: true },
      { key: 'routingHeadroomWeightSecondary', control: { kind: 'number', low: 0, high: 1 }, advanced: true },
      { key: 'routingSuccessRateRho', control: { kind: 'number', low: 0.01, high: 64 }, advanced: true },
    ],
  },
  {
    id: 'pricing',
    title: settingsText.sectionTitles.pricing,
    lines: [{ key: 'routingPlanModelPricingUsdPerMillion', control: { kind: 'text' } }],
  },
  {
    id: 'appearance',
    title: settingsText.sectionTitles.appearance,
    lines: [{ key: 'theme', control: { kind: 'choice', choices: entries(settingsText.themes) } }],
  },
];
