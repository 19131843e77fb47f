/** However the socket cuts an answer, the same head and the same body come out. */
import fc from 'fast-check';
import { collect, cut } from './response-collector';

const token = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/);
const value = fc.stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,20}[\x21-\x7e]$/);
const text = fc.string({ unit: 'binary-ascii', maxLength: 60 });
const chunk = fc.record({
  data: text.filter((data) => data.length > 0),
  extension: fc.constantFrom('', ';a=b', ' ; q="x"'),
});

const answer = fc.record({
  announcements: fc.array(fc.constantFrom(100, 103), { maxLength: 2 }),
  status: fc.constantFrom(200, 206, 404, 429, 503),
  headers: fc.array(fc.tuple(token, value), { maxLength: 6 }),
  framing: fc.constantFrom('chunked', 'length', 'close'),
  chunks: fc.array(chunk, { maxLength: 8 }),
  trailers: fc.array(fc.tuple(token, value), { maxLength: 2 }),
});

type Answer = typeof answer extends fc.Arbitrary<infer T> ? T : never;

const RESERVED = ['content-length', 'transfer-encoding', 'connection'];
const kept = ({ headers }: Answer): [string, string][] => headers.filter(([name]) => !RESERVED.includes(name));

function bytesOf(one: Answer): Buffer {
  const lines = [...kept(one)];
  const body = one.chunks.map(({ data }) => data).join('');
  if (one.framing === 'chunked') lines.push(['Transfer-Encoding', 'chunked']);
  if (one.framing === 'length') lines.push(['Content-Length', String(body.length)]);
  const head = `HTTP/1.1 ${String(one.status)} Fine\r\n${lines.map(([name, v]) => `${name}: ${v}\r\n`).join('')}\r\n`;
  const announced = one.announcements.map((status) => `HTTP/1.1 ${String(status)} Soon\r\nlink: x\r\n\r\n`).join('');
  return Buffer.from(announced + head + (one.framing === 'chunked' ? chunked(one) : body), 'latin1');
}

function chunked({ chunks, trailers }: Answer): string {
  const sent = chunks.map(({ data, extension }) => `${data.length.toString(16)}${extension}\r\n${data}\r\n`);
  return `${sent.join('')}0\r\n${trailers.map(([name, v]) => `${name}: ${v}\r\n`).join('')}\r\n`;
}

test('head and body are the same for every way to cut the bytes', () => {
  fc.assert(
    fc.property(answer, fc.array(fc.nat(4000), { maxLength: 40 }), (one, offsets) => {
      const { reader, heads, body, surplus } = collect(cut(bytesOf(one), offsets));
      expect(heads).toHaveLength(1);
      expect(heads[0]?.status).toBe(one.status);
      expect(heads[0]?.headers.slice(0, kept(one).length * 2)).toEqual(kept(one).flat());
      expect(body).toBe(one.chunks.map(({ data }) => data).join(''));
      expect(surplus).toBe(0);
      expect(reader.finish()).toBe(true);
      expect(reader.reusable).toBe(one.framing !== 'close');
    }),
    { numRuns: 400 },
  );
});

test('an answer that is cut short is never complete', () => {
  fc.assert(
    fc.property(answer, fc.nat(4000), (one, place) => {
      fc.pre(one.framing !== 'close');
      const bytes = bytesOf(one);
      const { reader } = collect([bytes.subarray(0, place % bytes.length)]);
      expect(reader.finish()).toBe(false);
    }),
  );
});

test('what follows the answer is told, not taken for its body', () => {
  const { body, surplus } = collect([Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n')]);
  expect({ body, surplus }).toEqual({ body: 'ok', surplus: 17 });
});
