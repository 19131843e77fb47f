/** Who may only look changes nothing, on any route there is; nor does a page of another site, or a rebinding name. */
import { ALL_ROUTES } from '../../../sidecar/contract/all-routes';
import type { RouteContract } from '../../../sidecar/contract/route-contract';
import { browserPage, type BrowserPage } from '../harness/browser-page';
import { errorOf } from '../harness/json-call';
import { rawExchange, targetOf } from '../harness/raw-exchange';
import { openStage, type Stage } from '../harness/stage';

const UNSAFE = ALL_ROUTES.filter(({ method }) => method !== 'GET');
/** A reader's own session, and the report of an error of its page. */
const OWN =
  /\/(?:dashboard-auth\/(?:logout|password\/login|password\/setup|totp\/verify)|database\/unlock|client-errors|routing\/preview)$/;

let stage: Stage;
let reader: BrowserPage;

beforeAll(async () => {
  stage = await openStage({ importAll: false });
  const owner = browserPage(stage.sidecar);
  reader = browserPage(stage.sidecar);
  await owner.send('POST', '/api/dashboard-auth/password/setup', { password: 'of the owner' });
  expect((await owner.send('PUT', '/api/dashboard-auth/reader', { password: 'of a reader' })).status).toBe(200);
  const answer = await reader.send('POST', '/api/dashboard-auth/password/login', { password: 'of a reader' });
  expect(answer.json).toMatchObject({ authenticated: true, role: 'reader' });
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(() => stage.close());

const target = ({ path }: RouteContract): string => path.replace(/\{\w+\}/g, '1');

test.each(UNSAFE.filter(({ path }) => !OWN.test(path)))('a reader may not $method $path', async (route) => {
  const answer = await reader.send(route.method, target(route), {});
  expect(answer.status).toBe(403);
  expect(errorOf(answer)['code']).toBe('read_only_role');
});

test.each(['/api/settings', '/api/settings/history', '/api/audit', '/api/accounts', '/api/runtime/health'])(
  'a reader may look at %s',
  async (path) => {
    expect((await reader.send('GET', path)).status).toBe(200);
  },
);

test.each(['/api/accounts/x', '/api/not-there'])(
  'unknown changes below %s are refused before they are looked up',
  async (path) => {
    expect((await reader.send('DELETE', path)).status).toBe(403);
  },
);

describe.each(UNSAFE)('$method $path', (route) => {
  const send = (lines: readonly string[]): Promise<string> => {
    const head = [
      `${route.method} ${target(route)} HTTP/1.1`,
      ...lines,
      'content-type: application/json',
      'content-length: 2',
    ];
    return rawExchange(targetOf(stage.sidecar.address), `${[...head, 'connection: close'].join('\r\n')}\r\n\r\n{}`);
  };
  const host = (): string => `host: ${new URL(stage.sidecar.address).host}`;
  const cookie = (): string => `cookie: ${reader.cookie() ?? ''}`;

  test('is closed to pages of other sites and to rebinding names', async () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect(await send([host(), `origin: ${origin}`, cookie()])).toMatch(/^HTTP\/1\.1 403 /);
    }
    expect(await send([host(), 'sec-fetch-site: cross-site', cookie()])).toMatch(/^HTTP\/1\.1 403 /);
    expect(await send(['host: evil.example', 'origin: http://evil.example', cookie()])).toMatch(/^HTTP\/1\.1 421 /);
    // Without any origin no page sent it; then the cookie alone is not enough.
    expect(await send([host(), cookie()])).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe.each(['/api/events/ws', '/api/accounts/traffic/ws'])('the socket %s', (path) => {
  const open = (lines: readonly string[]): Promise<string> => {
    const upgrade = ['connection: Upgrade', 'upgrade: websocket', 'sec-websocket-version: 13'];
    const head = [`GET ${path} HTTP/1.1`, ...upgrade, 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==', ...lines];
    return rawExchange(targetOf(stage.sidecar.address), `${head.join('\r\n')}\r\n\r\n`);
  };

  test('is closed to pages of other sites, to rebinding names, and to pages that have not signed in', async () => {
    const host = `host: ${new URL(stage.sidecar.address).host}`;
    const cookie = `cookie: ${reader.cookie() ?? ''}`;
    expect(await open([host, cookie, 'origin: http://evil.example'])).toMatch(/^HTTP\/1\.1 403 /);
    expect(await open(['host: evil.example', cookie, 'origin: http://evil.example'])).toMatch(/^HTTP\/1\.1 421 /);
    expect(await open([host, cookie])).toMatch(/^HTTP\/1\.1 401 /);
    expect(await open([host, `origin: ${stage.sidecar.address}`])).toMatch(/^HTTP\/1\.1 401 /);
  });
});
