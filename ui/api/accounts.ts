/** Accounts, their quota and their logins (spec/admin-api.md 6). */
import type {
  Account,
  AccountImportRequest,
  AccountImportResults,
  AccountList,
  AccountPolicyChange,
} from '../../sidecar/contract/account';
import type { AccountQuota, UsageTrend } from '../../sidecar/contract/quota';
import { call } from './request';

/** Provider calls take their time (spec/ui.md 4.2), ms. */
const PROVIDER_TIMEOUT_MS = 45_000;

function path(accountId: string, rest = ''): string {
  return `/api/accounts/${encodeURIComponent(accountId)}${rest}`;
}

export function listAccounts(signal: AbortSignal): Promise<AccountList> {
  return call('GET', '/api/accounts', { signal });
}

/** One login answers with the account, several (an array) with a result each. */
export function importAccounts(request: AccountImportRequest): Promise<Account | AccountImportResults> {
  return call('POST', '/api/accounts/import', { body: request, timeoutMs: PROVIDER_TIMEOUT_MS });
}

export type AccountAction = 'pause' | 'reactivate' | 'pin' | 'unpin';

export function actOnAccount(accountId: string, action: AccountAction): Promise<unknown> {
  return call('POST', path(accountId, `/${action}`));
}

export function changeAccount(accountId: string, change: AccountPolicyChange): Promise<Account> {
  return call('PATCH', path(accountId), { body: change });
}

export function deleteAccount(accountId: string): Promise<unknown> {
  return call('DELETE', path(accountId));
}

export function refreshUsage(accountId: string): Promise<Account> {
  return call('POST', path(accountId, '/refresh-usage'), { timeoutMs: PROVIDER_TIMEOUT_MS });
}

export function refreshToken(accountId: string): Promise<Account> {
  return call('POST', path(accountId, '/refresh-token'), { timeoutMs: PROVIDER_TIMEOUT_MS });
}

export function readQuota(accountId: string, signal: AbortSignal): Promise<AccountQuota> {
  return call('GET', path(accountId, '/quota'), { signal });
}

/** `by` hour or day; days 1 … 90. */
export function readTrend(
  accountId: string,
  days: number,
  by: 'hour' | 'day',
  signal: AbortSignal,
): Promise<UsageTrend> {
  return call('GET', path(accountId, '/usage-trend'), { query: { days, by }, signal });
}
