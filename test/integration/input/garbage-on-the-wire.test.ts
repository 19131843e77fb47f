/** Bytes that are no HTTP, heads that are too large or smuggled: refused, and the process goes on (issue "It must show"). */
import net from 'node:net';
import { rawExchange, targetOf } from '../harness/raw-exchange';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ importAll: false });
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(() => stage.close());

const POST = 'POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

const BROKEN: readonly { name: string; bytes: string | Buffer; status: RegExp }[] = [
  {
    name: 'random bytes',
    bytes: Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 73) % 256)),
    status: /^HTTP\/1\.1 400 /,
  },
  { name: 'a TLS hello', bytes: Buffer.from('16030100a5010000a10303', 'hex'), status: /^HTTP\/1\.1 400 / },
  { name: 'a header name with a space', bytes: `${POST}bad header: 1\r\n\r\n`, status: /^HTTP\/1\.1 400 / },
  { name: 'a NUL in a header', bytes: `${POST}x-a: a\u0000b\r\n\r\n`, status: /^HTTP\/1\.1 400 / },
  { name: 'no colon', bytes: `${POST}garbage\r\n\r\n`, status: /^HTTP\/1\.1 400 / },
  {
    name: 'two different lengths',
    bytes: `${POST}content-length: 3\r\ncontent-length: 4\r\n\r\nabc`,
    status: /^HTTP\/1\.1 400 /,
  },
  {
    name: 'length and chunks at once',
    bytes: `${POST}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: /^HTTP\/1\.1 400 /,
  },
  {
    name: 'a chunk size that is none',
    bytes: `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n`,
    status: /^HTTP\/1\.1 400 /,
  },
  {
    name: 'a head of 1 MiB',
    bytes: `${POST}x-big: ${'a'.repeat(1024 * 1024)}\r\n\r\n`,
    status: /^(HTTP\/1\.1 431 |$)/,
  },
  {
    name: 'five thousand headers',
    bytes: POST + Array.from({ length: 5000 }, (_, i) => `x-${i}: 1\r\n`).join('') + '\r\n',
    status: /^HTTP\/1\.1 4\d\d /,
  },
];

test.each(BROKEN)('$name', async ({ bytes, status }) => {
  expect(await rawExchange(targetOf(stage.sidecar.address), bytes)).toMatch(status);
});

test('a request without Host is refused', async () => {
  const answer = await rawExchange(
    targetOf(stage.sidecar.address),
    'GET /v1/models HTTP/1.1\r\nconnection: close\r\n\r\n',
  );
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test.each([
  ['x-request-id', 'a'.repeat(10_000)],
  ['x-request-id', 'two words\u00e9'],
  ['authorization', `Bearer ${'t'.repeat(20_000)}`],
  ['accept', ','.repeat(5000)],
  ['content-encoding', ','.repeat(5000)],
  ['content-type', 'application/json; charset="'],
  ['user-agent', '/'.repeat(5000)],
  ['x-codex-turn-metadata', '{'.repeat(5000)],
])('a senseless %s header is survived', async (name, value) => {
  const answer = await stage.sidecar.post('/v1/responses', { model: 'gpt-5.5', input: 'x' }, { [name]: value });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(600);
  expect(answer.json).toHaveProperty('error.code');
});

test('a client that sends half a body and leaves takes nothing with it', async () => {
  const { hostname, port } = targetOf(stage.sidecar.address);
  await new Promise<void>((resolve, reject) => {
    const socket = net.connect(port, hostname, () => {
      socket.write(`${POST}content-length: 1000\r\n\r\n{"model":`, () => socket.resetAndDestroy());
    });
    socket.once('error', reject);
    socket.once('close', () => resolve());
  });
});
