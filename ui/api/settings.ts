/** Dashboard settings with version and history (design §11 "Settings"). */
import type { Settings, SettingsVersion } from '../../sidecar/contract/settings';
import { call } from './request';

/** Settings change slowly and may touch much: the longer wait of spec/ui.md 4.2, ms. */
const TIMEOUT_MS = 30_000;

export type SettingsAnswer = Settings & { readonly version: number; readonly totpConfigured: boolean };

export function readSettings(signal: AbortSignal): Promise<SettingsAnswer> {
  return call('GET', '/api/settings', { signal });
}

export function readDefaults(signal: AbortSignal): Promise<Settings> {
  return call('GET', '/api/settings/defaults', { signal });
}

/** 409 `conflict` when somebody changed them since `expectedVersion`. */
export function changeSettings(change: Partial<Settings>, expectedVersion: number): Promise<SettingsAnswer> {
  return call('PUT', '/api/settings', { body: { ...change, expectedVersion }, timeoutMs: TIMEOUT_MS });
}

export function readHistory(signal: AbortSignal): Promise<{ readonly versions: readonly SettingsVersion[] }> {
  return call('GET', '/api/settings/history', { signal });
}

export function restoreSettings(version: number): Promise<SettingsAnswer> {
  return call('POST', `/api/settings/history/${version}/restore`, { timeoutMs: TIMEOUT_MS });
}
