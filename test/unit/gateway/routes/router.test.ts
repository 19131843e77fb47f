import { canonicalPath, createGatewayRouter, type RouteEntry } from '../../../../sidecar/gateway/routes/router';
import { TightropeError } from '../../../../sidecar/platform/errors';

const handle = (): Promise<void> => Promise.resolve();
const entries: RouteEntry[] = [
  { method: 'POST', path: '/v1/responses', handle, frames: () => Promise.resolve() },
  { method: 'GET', path: '/v1/models', handle },
  { method: 'POST', path: '/backend-api/codex/responses', handle, frames: () => Promise.resolve() },
];
const router = createGatewayRouter(entries);

function refusalOf(method: string, url: string): TightropeError {
  try {
    router.match(method, url);
  } catch (thrown) {
    if (thrown instanceof TightropeError) return thrown;
    throw thrown;
  }
  throw new Error('the router matched');
}

test.each([
  ['/v1/responses', '/v1/responses'],
  ['/v1/responses/', '/v1/responses'],
  ['/v1/models?client_version=0.169.0', '/v1/models'],
  ['/backend-api/codex/v1/responses', '/backend-api/codex/responses'],
])('%s means %s', (url, path) => {
  expect(canonicalPath(url)).toBe(path);
});

test.each(['/v1/%2e%2e/api/accounts', '/v1/../api', '/v1/a%2Fb', '/v1/./responses', '/v1\\responses'])(
  '%s is refused before matching',
  (url) => {
    expect(refusalOf('GET', url)).toMatchObject({ code: 'invalid_request', status: 400 });
  },
);

test('an unknown path is 404', () => {
  expect(refusalOf('POST', '/v1/embeddings')).toMatchObject({ code: 'not_found', status: 404 });
});

test('a wrong method is 405 and says what is right', () => {
  expect(refusalOf('DELETE', '/v1/models')).toMatchObject({ status: 405, headers: { allow: 'GET' } });
});

test('a plain GET on a socket route is told to upgrade', () => {
  expect(refusalOf('GET', '/v1/responses')).toMatchObject({ status: 426, headers: { upgrade: 'websocket' } });
});

test('HEAD is answered by the GET route', () => {
  expect(router.match('HEAD', '/v1/models').path).toBe('/v1/models');
});

test('only socket routes take upgrades', () => {
  expect(router.matchSocket('/backend-api/codex/responses').path).toBe('/backend-api/codex/responses');
  expect(() => router.matchSocket('/v1/models')).toThrow(expect.objectContaining({ code: 'not_found' }));
});
