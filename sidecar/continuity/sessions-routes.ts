/** `/api/sessions`: which account serves which conversation (spec/admin-api.md 7.3, 7.4). */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { SessionKeyQuery, SessionMove, SessionPurge, SessionQuery } from '../contract/session';
import { compile } from '../contract/validate';
import type { SessionsService } from './sessions-service';

/** Routes below `/api`. */
export function sessionsRoutes(sessions: SessionsService): Router {
  const readQuery = compile(SessionQuery, 'query', { code: 'invalid_query' });
  const readKind = compile(SessionKeyQuery, 'query', { code: 'invalid_query' });
  const readPurge = compile(SessionPurge, 'body');
  const readMove = compile(SessionMove, 'body');
  const router = Router();

  router.get('/sessions', (request, response) => {
    response.json(sessions.page(readQuery(request.query)));
  });

  router.post('/sessions/purge', (request, response) => {
    const removed = sessions.purge(readPurge(withoutNulls(request.body ?? {})));
    response.json({ status: 'purged', removed });
  });

  router.delete('/sessions/:sessionKey', (request, response) => {
    sessions.remove(request.params.sessionKey, readKind(request.query).kind);
    response.json({ status: 'deleted' });
  });

  router.post('/sessions/:sessionKey/release', (request, response) => {
    sessions.release(request.params.sessionKey, readKind(request.query).kind);
    response.json({ status: 'released' });
  });

  router.post('/sessions/:sessionKey/move', (request, response) => {
    const { accountId } = readMove(request.body);
    sessions.move(request.params.sessionKey, readKind(request.query).kind, accountId);
    response.json({ status: 'moved' });
  });

  return router;
}
