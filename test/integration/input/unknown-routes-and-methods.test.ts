/** Unknown paths answer 404 and known ones 405, each in the envelope of its family (issue "It must show"; proxy 1.1). */
import { openStage, type Stage } from '../harness/stage';
import { errorOf } from '../harness/json-call';
import { rawExchange } from '../harness/raw-exchange';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ importAll: false });
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(() => stage.close());

const PROXIED = [
  '/v1',
  '/v1/',
  '/v1/nothing',
  '/v1/embeddings',
  '/backend-api',
  '/backend-api/codex/nothing',
  '/backend-api/unheard-of',
];

test.each(PROXIED)('%s is 404 in the OpenAI envelope', async (path) => {
  for (const method of ['GET', 'POST', 'DELETE', 'PROPFIND']) {
    const answer = await stage.sidecar.call(path, { method });
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({ code: 'not_found', type: 'invalid_request_error' });
    expect(answer.headers['x-request-id']).toEqual(expect.any(String));
  }
});

test.each(['/api/nothing', '/api/accounts/x/y/z'])('%s is 404 in the dashboard envelope', async (path) => {
  const answer = await stage.sidecar.admin('GET', path);
  expect(answer.status).toBe(404);
  expect(errorOf(answer)).toEqual({ code: 'not_found', message: expect.any(String) as string });
});

test.each([
  { path: '/v1/responses', method: 'DELETE', allow: /POST/ },
  { path: '/backend-api/codex/responses', method: 'PUT', allow: /POST/ },
  { path: '/v1/models', method: 'POST', allow: /GET/ },
  { path: '/backend-api/codex/models', method: 'PATCH', allow: /GET/ },
])('$method $path is 405 and says what is allowed', async ({ path, method, allow }) => {
  const answer = await stage.sidecar.call(path, { method });
  expect(answer.status).toBe(405);
  expect(answer.headers.allow).toMatch(allow);
  expect(errorOf(answer)).toMatchObject({ code: 'method_not_allowed', type: 'invalid_request_error' });
});

test('a plain GET of the responses route is told that its socket form is not spoken', async () => {
  const answer = await stage.sidecar.call('/v1/responses');
  expect(answer.status).toBe(426);
  expect(errorOf(answer)).toMatchObject({ code: 'websocket_not_supported' });
});

test('a wrong method of the control plane is 405 in its envelope', async () => {
  const answer = await stage.sidecar.admin('PUT', '/api/accounts/import', {});
  expect(answer.status).toBe(405);
  expect(errorOf(answer)).toEqual({ code: 'method_not_allowed', message: expect.any(String) as string });
});

test.each(['/v11/models', '/backend-apix'])('%s belongs to neither family', async (path) => {
  expect((await stage.sidecar.call(path)).status).toBe(404);
});

test.each(['/v1/responses/', '/backend-api/codex/responses/', '/backend-api/codex/v1/responses'])(
  '%s is the responses route too',
  async (path) => {
    const answer = await stage.sidecar.post(path, {});
    expect(answer.status).toBe(400);
  },
);

test.each(['/v1/../api/accounts', '/v1/%2e%2e/api/accounts', '/v1%2fresponses', '/v1/..%2f..%2fetc/passwd'])(
  '%s reaches nothing',
  async (path) => {
    const { hostname, port } = new URL(stage.sidecar.address);
    const answer = await rawExchange(
      { hostname, port: Number(port) },
      `GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  },
);
