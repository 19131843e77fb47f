/** `GET /api/openapi.json` and `GET /api/docs`: made once, from the contracts. */
import { Router } from 'express';
import { ALL_ROUTES } from '../contract/all-routes';
import { openApiDocument } from './openapi';
import { REFERENCE_PAGE_HEADERS, referencePage } from './reference-page';

/** Routes below `/api`. */
export function referenceRoutes(version: string): Router {
  const document = openApiDocument(ALL_ROUTES, version);
  const page = referencePage(document);
  const router = Router();
  router.get('/openapi.json', (_request, response) => {
    response.json(document);
  });
  router.get('/docs', (_request, response) => {
    response.set(REFERENCE_PAGE_HEADERS).end(page);
  });
  return router;
}
