import { requestBytes } from '../../../../../sidecar/gateway/upstream/http1/request-bytes';
import type { UpstreamRequest } from '../../../../../sidecar/gateway/upstream/transport';

const request = (over: Partial<UpstreamRequest> = {}): UpstreamRequest => ({
  method: 'POST',
  path: '/backend-api/codex/responses?a=b',
  headers: ['authorization', 'Bearer t', 'accept', 'text/event-stream'],
  body: Buffer.from('{}'),
  ...over,
});
const text = (one: UpstreamRequest): string => Buffer.concat(requestBytes(one, 'up.test:1')).toString('latin1');

test('head, blank line, body', () => {
  expect(text(request())).toBe(
    'POST /backend-api/codex/responses?a=b HTTP/1.1\r\nhost: up.test:1\r\nconnection: keep-alive\r\n' +
      'authorization: Bearer t\r\naccept: text/event-stream\r\ncontent-length: 2\r\n\r\n{}',
  );
});

test('a GET without a body declares none, a POST without one declares nothing to come', () => {
  expect(text(request({ method: 'GET', body: null }))).not.toContain('content-length');
  expect(text(request({ body: null }))).toContain('content-length: 0\r\n\r\n');
});

test('a large body is not copied', () => {
  const body = Buffer.alloc(100_000);
  expect(requestBytes(request({ body }), 'up.test')[1]).toBe(body);
});

test.each([
  ['a line end in a value', { headers: ['a', 'b\r\nx: y'] }],
  ['a bare line feed in a value', { headers: ['a', 'b\nx: y'] }],
  ['a character whose low byte is a line feed', { headers: ['a', 'b\u010ax: y'] }],
  ['a line end in a name', { headers: ['a: b\r\nx', 'y'] }],
  ['a space in the path', { path: '/a b' }],
  ['a line end in the path', { path: '/a\r\nhost: x' }],
  ['a whole URL as path', { path: 'http://elsewhere.test/' }],
])('%s is refused', (_name, over) => {
  expect(() => requestBytes(request(over), 'up.test')).toThrow(expect.objectContaining({ code: 'internal_error' }));
});
