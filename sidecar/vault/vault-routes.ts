/** `/api/database/*` and the change of the passphrase (spec/admin-api.md 5.3, 11.3). */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import { PassphraseChange, PassphraseOnly, PassphraseSetup } from '../contract/vault';
import { actorOf } from '../signin/actor';
import type { VaultService } from './vault-service';

/** Routes below `/api`. */
export function vaultRoutes(vault: VaultService): Router {
  const readSetup = compile(PassphraseSetup, 'body');
  const readPassphrase = compile(PassphraseOnly, 'body');
  const readChange = compile(PassphraseChange, 'body', { code: 'invalid_request' });
  const router = Router();
  router.get('/database/status', async (_request, response) => {
    response.json(await vault.status(actorOf(response).address));
  });
  router.post('/database/setup', async (request, response) => {
    const { passphrase, confirmation } = readSetup(request.body);
    await vault.setUp(passphrase, confirmation);
    response.json({ status: 'ok', migratedPlaintext: true });
  });
  router.post('/database/unlock', async (request, response) => {
    const { passphrase = '' } = readPassphrase(withoutNulls(request.body));
    await vault.unlock(passphrase, actorOf(response).address);
    response.json({ status: 'ok' });
  });
  router.post('/database/lock', async (_request, response) => {
    await vault.lock();
    response.json({ status: 'locked' });
  });
  router.post('/settings/database/passphrase', async (request, response) => {
    const body = readChange(withoutNulls(request.body));
    const current = body.currentPassphrase ?? body.current_passphrase;
    const next = body.nextPassphrase ?? body.next_passphrase ?? body.newPassphrase ?? body.new_passphrase;
    await vault.changePassphrase(current, next, actorOf(response).address);
    response.json({ status: 'ok' });
  });
  return router;
}
