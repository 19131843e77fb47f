/** Bytes that are no valid answer end the call with a typed error, whatever they are. */
import fc from 'fast-check';
import { ProtocolViolation } from '../../../../../sidecar/gateway/upstream/http1/protocol-violation';
import { collect, collectText, cut } from './response-collector';

const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a continued header line', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n'],
  ['a header without a colon', 'HTTP/1.1 200 OK\r\nnothing\r\n\r\n'],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\na : b\r\n\r\n'],
  ['a bare line feed in a value', 'HTTP/1.1 200 OK\r\na: b\nc: d\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
  ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n'],
  ['length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n'],
  ['an encoding nobody asked for', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
  ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n'],
  ['an empty chunk size', `${CHUNKED}\r\nab`],
  ['a chunk size that is none', `${CHUNKED}xyz\r\n`],
  ['a chunk size too large to be true', `${CHUNKED}fffffffff\r\n`],
  ['a chunk longer than it says', `${CHUNKED}1\r\nab\r\n`],
  ['a head without end', `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(12_000)}`],
  ['a trailer without end', `${CHUNKED}0\r\n${'a: b\r\n'.repeat(12_000)}`],
])('%s', (_name, text) => {
  expect(() => collectText(text)).toThrow(ProtocolViolation);
});

test('any bytes whatever either read as an answer or are refused as a violation', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw)),
    fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.concat([Buffer.from(CHUNKED), raw])),
  );
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(300), { maxLength: 5 }), (raw, offsets) => {
      try {
        collect(cut(raw, offsets));
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ProtocolViolation);
      }
    }),
    { numRuns: 500 },
  );
});
