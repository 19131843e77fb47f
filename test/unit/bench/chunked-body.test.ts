import { ChunkedBody } from '../../bench/wire/chunked-body';

/** Feeds `text` in pieces of `size` bytes; gives the body and how much of the last piece belonged to it. */
function decode(text: string, size: number): { body: string; done: boolean; rest: string } {
  let body = '';
  const chunked = new ChunkedBody((buffer, start, end) => {
    body += buffer.toString('latin1', start, end);
  });
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    const stop = chunked.feed(piece, 0, piece.length);
    if (chunked.done) return { body, done: true, rest: bytes.toString('latin1', at + stop) };
  }
  return { body, done: chunked.done, rest: '' };
}

test.each([1, 2, 3, 5, 1000])('chunks in pieces of %d bytes', (size) => {
  const text = '5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\nHTTP/1.1 200 OK';
  expect(decode(text, size)).toEqual({
    body: 'helloabcdefghijklmnopqrstuvwxyz',
    done: true,
    rest: 'HTTP/1.1 200 OK',
  });
});

test('extensions and trailers are skipped', () => {
  expect(decode('2;name=value\r\nab\r\n0\r\nx-trailer: 1\r\n\r\n', 1000)).toMatchObject({ body: 'ab', done: true });
});

test('a body that is cut off is not done', () => {
  expect(decode('5\r\nhel', 1000)).toEqual({ body: 'hel', done: false, rest: '' });
});

test('bytes that are no framing are refused', () => {
  expect(() => decode('xyz\r\n', 1000)).toThrow('in a chunk size');
  expect(() => decode('2\r\nabc\r\n', 1000)).toThrow('longer than its size');
  expect(() => decode('\r\n', 1000)).toThrow('without a size');
});

test('it can be used again', () => {
  const bytes = Buffer.from('1\r\na\r\n0\r\n\r\n');
  let seen = 0;
  const chunked = new ChunkedBody(() => {
    seen += 1;
  });
  chunked.feed(bytes, 0, bytes.length);
  chunked.reset();
  chunked.feed(bytes, 0, bytes.length);
  expect({ seen, done: chunked.done }).toEqual({ seen: 2, done: true });
});
