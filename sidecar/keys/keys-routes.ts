/** `/api/api-keys` (spec/admin-api.md 8). */
import { Router } from 'express';
import { ApiKeyChange, ApiKeyCreation } from '../contract/api-keys';
import { compile } from '../contract/validate';
import type { KeysService } from './keys-service';

const PAYLOAD = { code: 'invalid_api_key_payload' } as const;

/** Routes below `/api`. */
export function keysRoutes(keys: Pick<KeysService, 'list' | 'create' | 'change' | 'regenerate' | 'remove'>): Router {
  const readCreation = compile(ApiKeyCreation, 'body', PAYLOAD);
  const readChange = compile(ApiKeyChange, 'body', PAYLOAD);
  const router = Router();

  router.get('/api-keys', (_request, response) => {
    response.json(keys.list());
  });

  router.post('/api-keys', async (request, response) => {
    response.status(201).json(await keys.create(readCreation(request.body)));
  });

  // Here `null` has a meaning of its own: it clears.
  router.patch('/api-keys/:id', async (request, response) => {
    response.json(await keys.change(request.params.id, readChange(request.body)));
  });

  router.post('/api-keys/:id/regenerate', async (request, response) => {
    response.json(await keys.regenerate(request.params.id));
  });

  router.delete('/api-keys/:id', async (request, response) => {
    await keys.remove(request.params.id);
    response.status(204).end();
  });

  return router;
}
