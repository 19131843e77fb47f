/** While the stored logins are locked only a few routes answer (spec/admin-api.md 11.3). */
import type { RequestHandler } from 'express';
import { TightropeError } from '../platform/errors';
import { answersWhileLocked } from './path-access';

export function lockGate(isLocked: () => boolean): RequestHandler {
  return (request, _response, next) => {
    next(isLocked() && !answersWhileLocked(request.path) ? new TightropeError('database_locked') : undefined);
  };
}
