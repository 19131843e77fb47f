import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { servePage } from '../../../sidecar/admin/page';
import { codeOf, runApp, TOKEN, type RunningApp } from './running-app';

let root = '';
let app: RunningApp;
const HTML = ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'page-'));
  const folder = join(root, 'ui');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(root, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>index</title>');
  await writeFile(join(folder, 'placeholder.js'), 'export {};');
  await writeFile(join(folder, '.hidden'), 'hidden');
  await writeFile(join(folder, 'assets', 'main-3F7K2QXA.css'), 'body{}');
  app = await runApp([], { page: servePage(folder) });
});

afterAll(async () => {
  await app.close();
  await rm(root, { recursive: true });
});

test('the index is served at the root, never from a cache', async () => {
  const answer = await app.ask({ path: '/' });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('index');
  expect(answer.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
  expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
});

test('addresses of the page give the index to a browser and 404 to a script', async () => {
  expect((await app.ask({ path: '/accounts/5?tab=log', headers: HTML })).text).toContain('index');
  expect((await app.ask({ path: '/accounts/5' })).status).toBe(404);
});

test('the page reaches browsers that come from elsewhere, unlike the routes', async () => {
  expect((await app.ask({ path: '/', headers: ['Sec-Fetch-Site', 'cross-site', ...HTML] })).status).toBe(200);
});

test('files have their types; only hashed names are cached for good', async () => {
  const script = await app.ask({ path: '/placeholder.js' });
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const style = await app.ask({ path: '/assets/main-3F7K2QXA.css' });
  expect(style.headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8' });
  expect(style.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test('a file that did not change is answered with 304', async () => {
  const { headers } = await app.ask({ path: '/placeholder.js' });
  const again = await app.ask({ path: '/placeholder.js', headers: ['If-None-Match', headers.etag ?? ''] });
  expect(again.status).toBe(304);
});

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/../../secret.txt',
  '/..%5csecret.txt',
  '/.hidden',
  '/assets/',
  '/nothing.js',
  '/nothing.js/',
])('%s is not served', async (path) => {
  const answer = await app.ask({ path });
  expect(answer.status).toBe(404);
  expect(answer.text).not.toMatch(/secret"?$|hidden/);
});

test('a null byte in the path is refused', async () => {
  const answer = await app.ask({ path: '/placeholder.js%00.txt' });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
});

test('a double slash is no way to another host', async () => {
  const answer = await app.ask({ path: '//evil.example/', headers: HTML });
  expect(answer.headers).not.toHaveProperty('location');
});

test('other methods are refused', async () => {
  const headers = ['Authorization', `Bearer ${TOKEN}`];
  const answer = await app.ask({ method: 'POST', path: '/', headers });
  expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD']);
  expect((await app.ask({ method: 'POST', path: '/placeholder.js', headers })).status).toBe(404);
});

test('without a built page the answer says so', async () => {
  const bare = await runApp([], { page: servePage(join(root, 'missing')) });
  try {
    const answer = await bare.ask({ path: '/' });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
    expect(answer.text).toContain('not built');
  } finally {
    await bare.close();
  }
});
