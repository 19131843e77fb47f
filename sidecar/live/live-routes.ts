/** `GET /api/accounts/traffic` and the two live sockets (spec/admin-api.md 6.13, 6.14, 11.8). */
import { Router } from 'express';
import type { WebSocket } from 'ws';
import { LiveEventsQuery } from '../contract/live';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import type { LiveService } from './live-service';

/** A socket below `/api`. `open` gets what `read` made of the query. */
export interface LiveSocketRoute {
  readonly path: string;
  /** Prepares the reader. @throws TightropeError before the upgrade is accepted */
  read(query: URLSearchParams): (socket: WebSocket) => void;
}

/** Route below `/api`; it must stand before `/accounts/{id}`. */
export function liveRoutes(live: Pick<LiveService, 'traffic'>): Router {
  const router = Router();
  router.get('/accounts/traffic', (_request, response) => {
    response.json(live.traffic());
  });
  return router;
}

export function liveSockets(live: LiveService): readonly LiveSocketRoute[] {
  const readQuery = compile(LiveEventsQuery, 'query', { code: 'invalid_query' });
  return [
    {
      path: '/api/events/ws',
      read: (query) => {
        const { since } = readQuery(Object.fromEntries(query));
        const seq = since === undefined || since === '' ? null : readSeq(since);
        return (socket) => live.addEventReader(socket, seq);
      },
    },
    { path: '/api/accounts/traffic/ws', read: () => (socket) => live.addTrafficReader(socket) },
  ];
}

function readSeq(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new TightropeError('invalid_query', { message: 'since must be the seq of an event.', param: 'since' });
  }
  return Number(text);
}
