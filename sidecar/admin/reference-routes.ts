/** `GET /api/openapi.json` and `GET /api/docs`: made from the contracts when somebody first asks, for the start must not wait for them. */
import { Router } from 'express';
import { ALL_ROUTES } from '../contract/all-routes';
import { openApiDocument, type OpenApiDocument } from './openapi';
import { REFERENCE_PAGE_HEADERS, referencePage } from './reference-page';

/** Routes below `/api`. */
export function referenceRoutes(version: string): Router {
  let made: OpenApiDocument | null = null;
  const document = (): OpenApiDocument => (made ??= openApiDocument(ALL_ROUTES, version));
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document());
  });
  router.get('/docs', (_request, response) => {
    response.set(REFERENCE_PAGE_HEADERS).end(referencePage(document()));
  });
  return router;
}
