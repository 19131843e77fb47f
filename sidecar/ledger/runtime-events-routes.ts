/** `GET /api/events`: what happened in this process, for people and for sockets that resume (design §11 "Events"). */
import { Router } from 'express';
import { RuntimeEventsQuery } from '../contract/readiness';
import { compile } from '../contract/validate';
import { TightropeError } from '../platform/errors';
import { readCount, readLimit } from './query-numbers';
import { MAX_EVENT_PAGE, type EventService } from './runtime-events-service';

const DEFAULT_LIMIT = 200;

/** Routes below `/api`: `GET /events?since=<seq>&limit=`. Without `since` the newest events, oldest of them first. */
export function eventRoutes(events: EventService): Router {
  const readQuery = compile(RuntimeEventsQuery, 'query', { code: 'invalid_query' });
  const router = Router();

  router.get('/events', async (request, response) => {
    const query = readQuery(request.query);
    const limit = readLimit(query.limit, DEFAULT_LIMIT, MAX_EVENT_PAGE);
    response.json(await events.page({ sinceSeq: readSince(query.since), limit }));
  });

  return router;
}

function readSince(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const seq = readCount(text);
  if (seq === null) {
    throw new TightropeError('invalid_query', { message: 'since must be the seq of an event.', param: 'since' });
  }
  return seq;
}
