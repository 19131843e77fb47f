/** `GET /health`: that this process serves, and which one it is (spec/admin-api.md 4.1, design §10). */
import { Router } from 'express';
import type { Health } from '../contract/runtime';
import { privateAnswers } from './security-headers';

/** Needs no token: it says nothing that connecting to the port would not say. */
export function healthRoute(health: () => Health): Router {
  const router = Router();
  router.get('/health', privateAnswers, (_request, response) => {
    // The boot page of the window asks from its own port, before it becomes ours.
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    response.json(health());
  });
  return router;
}
