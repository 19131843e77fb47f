/**
 * `GET /health/live`: the process runs. `GET /health/ready`: it takes turns; a load balancer takes it out of rotation
 * while it does not. Neither needs a token, and neither says more than that.
 */
import { Router } from 'express';
import type { Readiness } from '../contract/readiness';
import type { ErrorCode } from '../platform/errors';
import { privateAnswers } from './security-headers';

export interface ReadinessFacts {
  /** Why new turns are refused (`shutting_down`, `proxy_paused` …), or `null`. */
  refusal(): ErrorCode | null;
  /** Whether a trivial query succeeds. Must not throw. */
  databaseAnswers(): Promise<boolean>;
}

export function readinessRoutes(facts: ReadinessFacts): Router {
  const router = Router();
  router.get('/health/live', privateAnswers, (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/ready', privateAnswers, async (_request, response) => {
    const refusal = facts.refusal();
    const reasons = [
      ...(refusal === null ? [] : [refusal]),
      ...((await facts.databaseAnswers()) ? [] : ['db_unavailable']),
    ];
    const answer: Readiness = { status: reasons.length === 0 ? 'ready' : 'not_ready', reasons };
    response.status(reasons.length === 0 ? 200 : 503).json(answer);
  });
  return router;
}
