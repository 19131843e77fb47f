/** `GET /api/audit`. */
import { Router } from 'express';
import { AuditQuery } from '../contract/audit';
import { compile } from '../contract/validate';
import type { AuditService } from './audit-service';

const USUAL_PAGE = 100;
const LARGEST_PAGE = 500;

/** Routes below `/api`. A page size that is no count is the usual one. */
export function auditRoutes(audit: AuditService): Router {
  const readQuery = compile(AuditQuery, 'query', { code: 'invalid_query' });
  const router = Router();
  router.get('/audit', async (request, response) => {
    const { limit, cursor } = readQuery(request.query);
    const asked = limit !== undefined && /^\d{1,6}$/.test(limit) ? Number(limit) : USUAL_PAGE;
    response.json(await audit.page(Math.min(Math.max(asked, 1), LARGEST_PAGE), cursor ?? null));
  });
  return router;
}
