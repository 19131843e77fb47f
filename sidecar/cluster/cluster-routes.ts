/** `/api/cluster/*` while no cluster mode but `off` exists (design §11): the status, and an honest refusal elsewhere. */
import { Router, type RequestHandler } from 'express';
import { TightropeError } from '../platform/errors';
import type { Cluster } from './cluster';

/** The routes of spec/cluster.md 2.12 and spec/admin-api.md 11.7 that need a cluster. */
const POST_PATHS = [
  '/cluster/enable',
  '/cluster/disable',
  '/cluster/doctor',
  '/cluster/create',
  '/cluster/join',
  '/cluster/join-code',
  '/cluster/peers',
  '/cluster/sync',
  '/cluster/batches/:batchId/rollback',
  '/cluster/rotate-key',
  '/cluster/hub/promote',
  '/sync/trigger',
  '/sync/rollback',
];
const GET_PATHS = ['/cluster/peers', '/cluster/batches', '/cluster/events'];

export function clusterRoutes(cluster: Pick<Cluster, 'status'>): Router {
  const router = Router();
  router.get('/cluster/status', (_request, response) => {
    response.json(cluster.status());
  });
  for (const path of POST_PATHS) router.post(path, notEnabled);
  for (const path of GET_PATHS) router.get(path, notEnabled);
  router.delete('/cluster/peers/:siteId', notEnabled);
  return router;
}

const notEnabled: RequestHandler = (_request, _response, next) => {
  next(new TightropeError('cluster_not_enabled'));
};
