/** The admin routes of quota (spec/admin-api.md 6.2, 6.7). Beside `quota.ts`, which the account's schema is made of. */
import { Account } from './account';
import { AccountQuota, UsageTrend, UsageTrendQuery } from './quota';
import type { RouteContract } from './route-contract';

export const quotaRouteContracts: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/accounts/{id}/quota',
    tag: 'accounts',
    summary: 'Show everything that is known of the limits of an account',
    answers: { 200: AccountQuota },
    errors: ['account_not_found'],
  },
  {
    method: 'GET',
    path: '/api/accounts/{id}/usage-trend',
    tag: 'accounts',
    summary: 'Show how the use of the windows of an account went, by the hour or by the day',
    query: UsageTrendQuery,
    answers: { 200: UsageTrend },
    errors: ['account_not_found', 'invalid_query'],
  },
  {
    method: 'POST',
    path: '/api/accounts/{id}/refresh-usage',
    tag: 'accounts',
    summary: 'Ask upstream for the usage of an account now',
    answers: { 200: Account },
    errors: ['account_not_found', 'account_usage_unavailable', 'usage_refresh_failed', 'usage_refresh_persist_failed'],
  },
];
