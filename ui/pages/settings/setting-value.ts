/** A setting's value in words. */
import { labelOf } from '../../state/accounts';
import type { SettingKey } from '../../state/settings';
import { commonText, settingsText } from '../../strings';

export function showValue(key: SettingKey | string, value: unknown): string {
  if (typeof value === 'boolean') return value ? commonText.on : commonText.off;
  if (Array.isArray(value))
    return value.length === 0 ? commonText.none : value.map((id) => labelOf(String(id))).join(', ');
  if (value === '' || value === null || value === undefined) return commonText.none;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
  const labels: Readonly<Record<string, string>> =
    key === 'routingStrategy' ? settingsText.strategies : key === 'theme' ? settingsText.themes : {};
  return labels[text] ?? text;
}
