/** The catalogue, for pickers (spec/admin-api.md 10.2). */
import { call } from './request';

export interface ModelNames {
  readonly models: readonly { readonly id: string; readonly name: string }[];
}

export function listModels(signal: AbortSignal): Promise<ModelNames> {
  return call('GET', '/api/models', { signal });
}
