/** API keys of clients (spec/admin-api.md 8; design §11 "Limits"). */
import { call } from './request';

export type LimitType = 'total_tokens' | 'input_tokens' | 'output_tokens' | 'cost_usd' | 'requests';
export type LimitWindow = 'five_hour' | 'daily' | 'weekly' | 'monthly';

export interface ApiKeyLimit {
  readonly id: string;
  readonly limitType: LimitType;
  readonly limitWindow: LimitWindow;
  readonly maxValue: number;
  readonly currentValue: number;
  readonly modelFilter: string | null;
  readonly resetAtMs: number;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly keyPrefix: string;
  readonly isActive: boolean;
  readonly status: 'active' | 'inactive' | 'expired';
  readonly allowedModels: readonly string[];
  readonly allowedAccountIds: readonly string[];
  readonly enforcedModel: string | null;
  readonly enforcedReasoningEffort: string | null;
  readonly showRoutedAccount: boolean;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly limits: readonly ApiKeyLimit[];
  readonly usageSummary: {
    readonly requests: number;
    readonly totalTokens: number;
    readonly costUsd: number;
    readonly turnsInFlight: number;
  };
}

export type ApiKeyWithSecret = ApiKey & { readonly key: string };

export interface ApiKeyInput {
  readonly name?: string;
  readonly allowedModels?: readonly string[];
  readonly allowedAccountIds?: readonly string[];
  readonly enforcedModel?: string | null;
  readonly enforcedReasoningEffort?: string | null;
  readonly showRoutedAccount?: boolean;
  readonly expiresAt?: string | null;
  readonly isActive?: boolean;
  readonly limits?: readonly {
    readonly limitType: LimitType;
    readonly limitWindow: LimitWindow;
    readonly maxValue: number;
    readonly modelFilter?: string | null;
  }[];
}

export function listKeys(signal: AbortSignal): Promise<readonly ApiKey[]> {
  return call('GET', '/api/api-keys', { signal });
}

/** The answer holds the secret, this once. */
export function createKey(input: ApiKeyInput & { readonly name: string }): Promise<ApiKeyWithSecret> {
  return call('POST', '/api/api-keys', { body: input });
}

function path(id: string, rest = ''): string {
  return `/api/api-keys/${encodeURIComponent(id)}${rest}`;
}

export function changeKey(id: string, input: ApiKeyInput): Promise<ApiKey> {
  return call('PATCH', path(id), { body: input });
}

export function regenerateKey(id: string): Promise<ApiKeyWithSecret> {
  return call('POST', path(id, '/regenerate'));
}

export function deleteKey(id: string): Promise<unknown> {
  return call('DELETE', path(id));
}
