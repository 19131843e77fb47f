import { RequestFactory, type BodySize } from '../../bench/wire/request-bytes';

function parts(request: Buffer): { head: string; body: string } {
  const text = request.toString();
  const split = text.indexOf('\r\n\r\n');
  return { head: text.slice(0, split), body: text.slice(split + 4) };
}

test.each([300, 65_536, 262_144] as const satisfies readonly BodySize[])('a body of exactly %d bytes', (size) => {
  const { head, body } = parts(new RequestFactory(size, '/somewhere').request(7));
  expect(Buffer.byteLength(body)).toBe(size);
  expect(head).toContain(`content-length: ${String(size)}`);
  expect(JSON.parse(body)).toMatchObject({ model: 'gpt-5.5', stream: true, store: false });
});

test('large bodies have a history and tools', () => {
  const { body } = parts(new RequestFactory(65_536, '/').request(0));
  const { input, tools } = JSON.parse(body) as { input: unknown[]; tools: unknown[] };
  expect(input.length).toBeGreaterThan(20);
  expect(tools).toHaveLength(16);
});

test('every connection is a session of its own', () => {
  const factory = new RequestFactory(300, '/');
  const sessions = [0, 1, 255].map((connection) => {
    const { head, body } = parts(factory.request(connection));
    const session = /session-id: (\S+)/.exec(head)?.[1];
    expect((JSON.parse(body) as { prompt_cache_key: string }).prompt_cache_key).toBe(session);
    return session;
  });
  expect(new Set(sessions).size).toBe(3);
});

test('peers get their own headers over those of Codex', () => {
  const { head } = parts(new RequestFactory(300, '/p', { 'x-peer': '1', authorization: 'Bearer other' }).request(0));
  expect(head).toMatch(/^POST \/p HTTP\/1\.1\r\n/);
  expect(head).toContain('x-peer: 1');
  expect(head.match(/authorization: .*/g)).toEqual(['authorization: Bearer other']);
});
