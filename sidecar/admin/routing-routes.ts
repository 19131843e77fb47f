/** `POST /api/routing/preview`: who would serve a described request now. */
import { Router } from 'express';
import { withoutNulls } from '../contract/null-as-absent';
import { RoutingPreviewRequest, type RoutingPreview } from '../contract/routing';
import { compile } from '../contract/validate';

/** Decides as for a real request, without taking anything. */
export type PreviewRouting = (request: RoutingPreviewRequest) => RoutingPreview;

/** Routes below `/api`. A request without a body is one of which nothing is known. */
export function routingRoutes(preview: PreviewRouting): Router {
  const readRequest = compile(RoutingPreviewRequest, 'body');
  const router = Router();
  router.post('/routing/preview', (request, response) => {
    response.json(preview(readRequest(withoutNulls(request.body ?? {}))));
  });
  return router;
}
