/** `GET /api/models`: the pool's models for pickers and scripts (spec/admin-api.md 10.2). */
import { Router } from 'express';
import { codexModelList } from '../contract/model-projection';
import type { CatalogueService } from './catalogue-service';

export function catalogueRoutes(catalogue: Pick<CatalogueService, 'catalogue'>): Router {
  const router = Router();
  router.get('/models', async (request, response) => {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { client_version: named } = request.query;
    const list = await catalogue.catalogue(typeof named === 'string' ? named : undefined, gone.signal);
    response.setHeader('etag', list.etag);
    response.json(codexModelList(list.models));
  });
  return router;
}
