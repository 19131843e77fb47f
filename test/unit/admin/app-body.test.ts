import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { codeOf, runApp, TOKEN, type Answer, type RunningApp } from './running-app';

let app: RunningApp;
const bodies: unknown[] = [];

beforeAll(async () => {
  const router = Router();
  router.post('/things', (request, response) => {
    bodies.push(request.body);
    response.json({ ok: true });
  });
  router.post('/accounts/import', (_request, response) => void response.json({ ok: true }));
  router.patch('/accounts/import', (_request, response) => void response.json({ ok: true }));
  app = await runApp([router]);
});

beforeEach(() => bodies.splice(0));
afterAll(() => app.close());

function post(
  body: string | Buffer | undefined,
  headers: string[] = ['Content-Type', 'application/json'],
  chunked = false,
  { method = 'POST', path = '/api/things' } = {},
): Promise<Answer> {
  const auth = ['Authorization', `Bearer ${TOKEN}`];
  return app.ask({
    method,
    path,
    headers: [...auth, ...headers],
    chunked,
    ...(body === undefined ? {} : { body }),
  });
}

test.each([
  ['application/json'],
  ['Application/JSON; charset=UTF-8'],
  ['application/json;charset="utf-8"'],
  ['application/json; profile=x'],
])('%s is read', async (type) => {
  expect((await post('{"a":"ü"}', ['Content-Type', type])).status).toBe(200);
  expect(bodies).toEqual([{ a: 'ü' }]);
});

test('no body is no body, announced or not', async () => {
  expect((await post('', [])).status).toBe(200);
  expect((await post('', ['Content-Type', 'text/plain'])).status).toBe(200);
  expect((await post('', [], true)).status).toBe(200);
  expect(bodies).toEqual([undefined, undefined, undefined]);
});

test.each([
  ['text/plain'],
  ['application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x'],
  ['application/json; charset=latin1'],
  ['application/jsonp'],
  ['text/json'],
])('%s is refused with 415', async (type) => {
  const answer = await post('{}', ['Content-Type', type]);
  expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported_media_type']);
  expect(bodies).toEqual([]);
});

test('a body without a type is refused with 415', async () => {
  expect((await post('{}', [])).status).toBe(415);
  expect((await post('{}', [], true)).status).toBe(415);
  expect(bodies).toEqual([]);
});

test('a compressed body is refused and told how to send it', async () => {
  const answer = await post(gzipSync('{}'), ['Content-Type', 'application/json', 'Content-Encoding', 'gzip']);
  expect([answer.status, codeOf(answer)]).toEqual([415, 'unsupported_media_type']);
  expect(answer.headers['accept-encoding']).toBe('identity');
  expect(answer.text).toContain('uncompressed');
});

test.each([['{'], ['{"a":}'], ['undefined'], ["{'a':1}"], ['{"a":1}x']])('%s is invalid JSON', async (body) => {
  const answer = await post(body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_json']);
});

test('an error never quotes the body', async () => {
  const answer = await post('{"password":"hunter2" oops');
  expect(answer.text).not.toContain('hunter2');
});

test('bytes that are no UTF-8 are invalid JSON', async () => {
  const answer = await post(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
  expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_json']);
});

test.each([['5'], ['"text"'], ['null'], ['[]']])('%s reaches the route, whose schema judges it', async (body) => {
  expect((await post(body)).status).toBe(200);
  expect(bodies).toEqual([JSON.parse(body)]);
});

test('exactly 1 MiB is read, one byte more is 413', async () => {
  const fill = (size: number): string => JSON.stringify('x'.repeat(size - 2));
  expect((await post(fill(1024 * 1024))).status).toBe(200);
  const answer = await post(fill(1024 * 1024 + 1));
  expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
});

test('an import of accounts may have 16 MiB, however the route is spelled', async () => {
  const MIB = 1024 * 1024;
  const send = (size: number, path: string, method = 'POST', chunked = false): Promise<Answer> =>
    post(JSON.stringify('x'.repeat(size - 2)), undefined, chunked, { path, method });
  expect((await send(16 * MIB, '/api/accounts/import')).status).toBe(200);
  expect((await send(2 * MIB, '/api/Accounts/import/', 'POST', true)).status).toBe(200);
  const answer = await send(16 * MIB + 1, '/api/accounts/import');
  expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
  expect(answer.text).toContain('16777216');
  expect((await send(MIB + 1, '/api/accounts/import', 'PATCH')).status).toBe(413);
});

test('a large body is answered with 413 without a length too, and the app goes on', async () => {
  const answer = await post(Buffer.alloc(8 * 1024 * 1024, 0x20), ['Content-Type', 'application/json'], true);
  expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
  expect((await post('{}')).status).toBe(200);
});
