/** `GET /metrics`: for Prometheus, with the admin token as its bearer. */
import { Router, type RequestHandler } from 'express';
import type { Metrics } from './metrics';
import { privateAnswers } from './security-headers';

/** @param guard lets in whoever may read `/api` */
export function metricsRoute(metrics: Metrics, guard: RequestHandler): Router {
  const router = Router();
  router.get('/metrics', privateAnswers, guard, async (_request, response) => {
    const text = await metrics.text();
    response.setHeader('content-type', metrics.contentType);
    response.end(text);
  });
  return router;
}
