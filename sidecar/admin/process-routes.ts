/** `POST /api/runtime/shutdown` and `POST /api/client-errors` (spec/ui.md 13, 15.2). */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { ClientError } from '../contract/runtime';
import { compile } from '../contract/validate';
import type { Logger } from '../platform/logger';

export interface ProcessRouteParts {
  /** Begins the drain; does not wait for it. */
  readonly requestStop: () => void;
  readonly logger: Logger;
}

/** Routes below `/api`. */
export function processRoutes({ requestStop, logger }: ProcessRouteParts): Router {
  const readError = compile(ClientError, 'body');
  const router = Router();
  router.post('/runtime/shutdown', (_request, response) => {
    response.once('finish', requestStop);
    response.status(202).json({ status: 'stopping' });
  });
  router.post('/client-errors', (request, response) => {
    const { message, stack, page, version } = readError(withoutNulls(request.body));
    logger.warn('page_error', { message, stack, page, version });
    response.status(204).end();
  });
  return router;
}
