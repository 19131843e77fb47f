/** `/api/backup` and `/api/restore`. */
import { Router } from 'express';
import { RestoreRequest } from '../contract/backup';
import { withoutNulls } from '../contract/null-as-absent';
import { compile } from '../contract/validate';
import type { Backups } from './backups';

/** Routes below `/api`. */
export function backupRoutes(backups: Backups): Router {
  const readRestore = compile(RestoreRequest, 'body');
  const router = Router();
  router.get('/backup', async (_request, response) => {
    response.json({ backups: await backups.list() });
  });
  router.post('/backup', async (_request, response) => {
    response.status(201).json(await backups.create());
  });
  router.post('/restore', async (request, response) => {
    const { name } = readRestore(withoutNulls(request.body));
    await backups.restoreAtNextStart(name);
    response.status(202).json({ status: 'restart_required', name });
  });
  return router;
}
