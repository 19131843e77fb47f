/** `/api/accounts` (spec/admin-api.md 6; design §10). */
import { Router, type Response } from 'express';
import { AccountImportRequest, type AccountImportResult } from '../contract/account';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import type { AccountsService } from './accounts-service';

const STATUS_OF_ACTION = { created: 201, updated: 200, skipped: 200, invalid: 400 } as const;
const YES: readonly string[] = ['1', 'true', 'yes', 'on'];
const NO: readonly string[] = ['', '0', 'false', 'no', 'off'];

/** Routes below `/api`. */
export function accountsRoutes(accounts: AccountsService): Router {
  const readImport = compile(AccountImportRequest, 'body', { code: 'invalid_account_import' });
  const router = Router();

  router.get('/accounts', async (_request, response) => {
    response.json({ accounts: await accounts.list() });
  });

  router.post('/accounts/import', async (request, response) => {
    const body = readImport(withoutNulls(request.body));
    if (Array.isArray(body.authJson)) {
      response.json({ results: await accounts.importMany(body.authJson, body.onDuplicate) });
      return;
    }
    const result = await accounts.importOne(body);
    sayWhatWasDone(response, result);
    response.status(STATUS_OF_ACTION[result.action]).json(result.account);
  });

  router.post('/accounts/migrate-token-storage', async (request, response) => {
    response.json(await accounts.migrateTokenStorage(readDryRun(request.query['dryRun'])));
  });

  router.get('/accounts/:id', async (request, response) => {
    response.json(await accounts.get(request.params.id));
  });

  router.post('/accounts/:id/pause', async (request, response) => {
    await accounts.pause(request.params.id);
    response.json({ status: 'paused' });
  });

  router.post('/accounts/:id/reactivate', async (request, response) => {
    await accounts.reactivate(request.params.id);
    response.json({ status: 'reactivated' });
  });

  router.post('/accounts/:id/refresh-token', async (request, response) => {
    response.json(await accounts.refreshToken(request.params.id));
  });

  router.delete('/accounts/:id', async (request, response) => {
    await accounts.remove(request.params.id);
    response.json({ status: 'deleted' });
  });

  return router;
}

/** The body of a single import is the account alone, so what was done and why stands in two headers. */
function sayWhatWasDone(response: Response, { action, error }: AccountImportResult): void {
  response.setHeader('x-tightrope-import-action', action);
  if (error !== undefined) response.setHeader('x-tightrope-import-reason', error.code);
}

function readDryRun(value: unknown): boolean {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === undefined) return false;
  if (typeof word === 'string' && YES.includes(word)) return true;
  if (typeof word === 'string' && NO.includes(word)) return false;
  const message = 'dryRun must be one of 1, true, yes, on, 0, false, no, off.';
  throw new TightropeError('invalid_query', { message, param: 'dryRun' });
}
