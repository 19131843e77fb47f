/** Bodies arrive in every encoding that clients use, and in stacks of them (codex-wire 2.2, admin-api 2.8). */
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { toResponses } from '../../fakes/upstream/recorder';
import { codexBody } from '../harness/bodies';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

type Encode = (bytes: Buffer) => Promise<Buffer>;
const gzip: Encode = promisify<Buffer, Buffer>(zlib.gzip);
const deflate: Encode = promisify<Buffer, Buffer>(zlib.deflate);
const deflateRaw: Encode = promisify<Buffer, Buffer>(zlib.deflateRaw);
const br: Encode = promisify<Buffer, Buffer>(zlib.brotliCompress);
const zstd: Encode = promisify<Buffer, Buffer>(zlib.zstdCompress);

const CASES: readonly { header: string; steps: readonly Encode[] }[] = [
  { header: 'identity', steps: [] },
  { header: 'zstd', steps: [zstd] },
  { header: 'zstd; level=3', steps: [zstd] },
  { header: 'ZSTD', steps: [zstd] },
  { header: 'zst', steps: [zstd] },
  { header: 'gzip', steps: [gzip] },
  { header: 'x-gzip', steps: [gzip] },
  { header: 'deflate', steps: [deflate] },
  { header: 'deflate', steps: [deflateRaw] },
  { header: 'br', steps: [br] },
  { header: 'gzip, zstd', steps: [gzip, zstd] },
  { header: 'zstd,identity , br,gzip', steps: [zstd, br, gzip] },
];

const PLAIN = Buffer.from(JSON.stringify(codexBody('naïve 語 🧗')));

test.each(CASES)('content-encoding $header', async ({ header, steps }) => {
  let body: Buffer = PLAIN;
  for (const encode of steps) body = await encode(body);
  const answer = await stage.sidecar.call('/backend-api/codex/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': header },
    body,
  });
  expect(answer.status).toBe(200);
  const received = stage.fake.requests(toResponses).at(-1);
  expect(received?.decodedBody.toString()).toBe(PLAIN.toString());
});

test.each([
  ['zstd', zstd],
  ['gzip', gzip],
] as const)('an undeclared %s body is recognised by its first bytes', async (_name, encode) => {
  const answer = await stage.sidecar.call('/backend-api/codex/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await encode(PLAIN),
  });
  expect(answer.status).toBe(200);
});

test('a chunked body without length is taken', async () => {
  const answer = await stage.sidecar.call('/backend-api/codex/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    body: PLAIN,
  });
  expect(answer.status).toBe(200);
});
