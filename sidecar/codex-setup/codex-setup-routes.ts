/** `/api/codex/setup` (spec/admin-api.md 11.4, spec/ui.md 15.4). */
import { Router } from 'express';
import { CodexSetupRequest, CodexUndoRequest } from '../contract/codex-setup';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import type { CodexSetupService } from './codex-setup-service';

/** Routes below `/api`. */
export function codexSetupRoutes(setup: CodexSetupService): Router {
  const readRequest = compile(CodexSetupRequest, 'body');
  const readUndo = compile(CodexUndoRequest, 'body');
  const router = Router();
  router.get('/codex/setup', async (_request, response) => {
    response.json(await setup.state());
  });
  router.post('/codex/setup', async (request, response) => {
    response.json(await setup.apply(readRequest(withoutNulls(request.body ?? {}))));
  });
  router.post('/codex/setup/undo', async (request, response) => {
    const { force } = readUndo(withoutNulls(request.body ?? {}));
    response.json(await setup.undo(force ?? false));
  });
  return router;
}
