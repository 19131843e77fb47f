/** An account's quota for people and scripts (spec/admin-api.md 6.2, 6.7). */
import { Router } from 'express';
import type { Account } from '../contract/account';
import { UsageTrendQuery } from '../contract/quota';
import { compile } from '../contract/validate';
import type { QuotaService } from './quota-service';

/**
 * Routes below `/api`: `GET /accounts/{id}/quota`, `GET /accounts/{id}/usage-trend?days=7&by=hour`,
 * `POST /accounts/{id}/refresh-usage`.
 *
 * @param account the account as the API shows it, for the answer of a refresh
 */
export function quotaRoutes(quota: QuotaService, account: (accountId: string) => Promise<Account>): Router {
  const readTrendQuery = compile(UsageTrendQuery, 'query', { code: 'invalid_query' });
  const router = Router();

  router.get('/accounts/:id/quota', async (request, response) => {
    response.json(await quota.quota(request.params.id));
  });

  router.get('/accounts/:id/usage-trend', async (request, response) => {
    const { days, by } = readTrendQuery(request.query);
    response.json(await quota.usageTrend(request.params.id, days === undefined ? undefined : Number(days), by));
  });

  router.post('/accounts/:id/refresh-usage', async (request, response) => {
    await quota.refreshUsage(request.params.id);
    response.json(await account(request.params.id));
  });

  return router;
}
