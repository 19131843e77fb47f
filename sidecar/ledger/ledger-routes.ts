/** `/api/logs`: the request log (spec/admin-api.md 7.1, 7.2; design §10). */
import { Router } from 'express';
import { compile } from '../contract/validate';
import { RequestLogQuery } from '../contract/request-log';
import { TightropeError } from '../platform/errors';
import type { LedgerService } from './ledger-service';

/** Routes below `/api`: `GET /logs`, `GET /logs/options`, `GET /logs/{row id or request id}`. */
export function ledgerRoutes(ledger: LedgerService): Router {
  const readQuery = compile(RequestLogQuery, 'query', { code: 'invalid_query' });
  const router = Router();

  router.get('/logs', async (request, response) => {
    response.json(await ledger.page(readQuery(request.query)));
  });

  router.get('/logs/options', async (_request, response) => {
    response.json(await ledger.options());
  });

  router.get('/request-logs/options', async (_request, response) => {
    const { accountIds, models, statuses } = await ledger.options();
    response.json({ account_ids: accountIds, model_options: models, statuses });
  });

  router.get('/logs/:id', async (request, response) => {
    const found = await ledger.find(request.params.id);
    if (found === null) throw new TightropeError('log_not_found');
    response.json(found);
  });

  return router;
}
