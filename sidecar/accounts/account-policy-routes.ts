/** What people set for one account: `PATCH /api/accounts/{id}`, pin and unpin (spec/admin-api.md 6.4). */
import { Router } from 'express';
import { AccountPolicyChange } from '../contract/account';
import { compile } from '../contract/validate';
import type { AccountsService } from './accounts-service';

/** Routes below `/api`. */
export function accountPolicyRoutes(accounts: Pick<AccountsService, 'change' | 'pin' | 'unpin'>): Router {
  const readChange = compile(AccountPolicyChange, 'body');
  const router = Router();

  // Here `null` has a meaning of its own: it takes a setting back.
  router.patch('/accounts/:id', async (request, response) => {
    response.json(await accounts.change(request.params.id, readChange(request.body)));
  });

  router.post('/accounts/:id/pin', async (request, response) => {
    await accounts.pin(request.params.id);
    response.json({ status: 'pinned' });
  });

  router.post('/accounts/:id/unpin', async (request, response) => {
    await accounts.unpin(request.params.id);
    response.json({ status: 'unpinned' });
  });

  return router;
}
