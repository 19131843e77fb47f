import { catalogueRoutes } from '../../../sidecar/catalogue/catalogue-routes';
import { floorModels } from '../../../sidecar/catalogue/floor';
import { runApp, type RunningApp } from '../admin/running-app';

let app: RunningApp;
const named: (string | undefined)[] = [];

beforeAll(async () => {
  const catalogue = {
    catalogue: async (clientVersion: string | undefined) => {
      named.push(clientVersion);
      return { ...floorModels(), source: 'floor' as const };
    },
  };
  app = await runApp([catalogueRoutes(catalogue)]);
});

afterAll(() => app.close());

test('answers whole entries with id and name, and no OpenAI list', async () => {
  const answer = await app.ask({ path: '/api/models', headers: ['Authorization', 'Bearer sk-client'] });
  expect(answer.status).toBe(200);
  expect(answer.headers.etag).toBe(floorModels().etag);
  const [first] = floorModels().models;
  expect(answer.json).toMatchObject({
    models: [{ ...first, id: first?.['slug'], name: first?.['slug'] }, {}, {}, {}, {}],
  });
  expect(Object.keys(answer.json as object)).toEqual(['models']);
});

test('passes the client version on, once', async () => {
  named.splice(0);
  await app.ask({ path: '/api/models?client_version=0.170.0' });
  await app.ask({ path: '/api/models?client_version=0.170.0&client_version=0.171.0' });
  expect(named).toEqual(['0.170.0', undefined]);
});
