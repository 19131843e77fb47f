import { clusterRoutes } from '../../../sidecar/cluster/cluster-routes';
import { createOffCluster } from '../../../sidecar/cluster/off';
import { codeOf, runApp, TOKEN, type RunningApp } from '../admin/running-app';

const cluster = createOffCluster('node');
let app: RunningApp;

beforeAll(async () => {
  app = await runApp([clusterRoutes(cluster)]);
});

afterAll(async () => {
  await app.close();
  await cluster.stop();
});

const headers = ['Authorization', `Bearer ${TOKEN}`];

test('the status can be read', async () => {
  expect((await app.ask({ path: '/api/cluster/status' })).json).toEqual(cluster.status());
});

test.each([
  ['POST', '/api/cluster/enable'],
  ['POST', '/api/cluster/disable'],
  ['POST', '/api/cluster/peers'],
  ['DELETE', '/api/cluster/peers/7'],
  ['POST', '/api/cluster/batches/1/rollback'],
  ['GET', '/api/cluster/events'],
  ['POST', '/api/sync/trigger'],
])('%s %s says that no cluster is enabled', async (method, path) => {
  const answer = await app.ask({ method, path, headers });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'cluster_not_enabled']);
});

test('unknown paths and methods stay 404 and 405', async () => {
  expect((await app.ask({ path: '/api/cluster/nothing' })).status).toBe(404);
  expect((await app.ask({ method: 'POST', path: '/api/cluster/status', headers })).status).toBe(405);
});
