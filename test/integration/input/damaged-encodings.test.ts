/** Damaged, unknown and exploding encodings are refused with a reason, and the process is unharmed (design §11 "Body too large"). */
import zlib from 'node:zlib';
import { toResponses } from '../../fakes/upstream/recorder';
import { MIB } from '../../fakes/upstream/big-events';
import { codexBody, RESPONSE_ROUTES } from '../harness/bodies';
import { errorOf, type WholeAnswer } from '../harness/json-call';
import { openStage, type Stage } from '../harness/stage';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});
afterEach(() => stage.sidecar.expectUnharmed());
afterAll(async () => {
  expect(stage.fake.requests(toResponses)).toHaveLength(0);
  await stage.close();
});

function send(path: string, encoding: string, body: Buffer): Promise<WholeAnswer> {
  const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
  return stage.sidecar.call(path, { method: 'POST', headers, body });
}

const PLAIN = Buffer.from(JSON.stringify(codexBody()));
const GZIP = zlib.gzipSync(PLAIN);
const ZSTD = zlib.zstdCompressSync(PLAIN);

const DAMAGED: readonly { name: string; encoding: string; body: Buffer }[] = [
  { name: 'gzip cut in half', encoding: 'gzip', body: GZIP.subarray(0, GZIP.length / 2) },
  { name: 'gzip without its last byte', encoding: 'gzip', body: GZIP.subarray(0, -1) },
  { name: 'zstd cut in half', encoding: 'zstd', body: ZSTD.subarray(0, ZSTD.length / 2) },
  { name: 'brotli that is none', encoding: 'br', body: PLAIN },
  { name: 'deflate that is none', encoding: 'deflate', body: PLAIN },
  { name: 'gzip that is zstd', encoding: 'gzip', body: ZSTD },
  { name: 'an empty gzip body', encoding: 'gzip', body: Buffer.alloc(0) },
  { name: 'an unknown encoding', encoding: 'lzma', body: PLAIN },
  { name: 'an unknown encoding in a stack', encoding: 'gzip, compress', body: GZIP },
  { name: 'a hundred encodings', encoding: Array.from({ length: 100 }, () => 'gzip').join(','), body: GZIP },
];

test.each(DAMAGED)('$name is a 400', async ({ encoding, body }) => {
  for (const { path } of RESPONSE_ROUTES) {
    const answer = await send(path, encoding, body);
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      type: 'invalid_request_error',
      message: expect.stringMatching(/./) as string,
    });
    expect(answer.headers['x-request-id']).toEqual(expect.any(String));
  }
});

/** 1 GiB of spaces (256 MiB for brotli, which knows no members), some thousand times smaller on the wire. */
function bomb(encoding: 'gzip' | 'zstd' | 'br'): Buffer {
  const spaces = Buffer.alloc(MIB, 0x20);
  const repeated = (member: Buffer): Buffer => Buffer.concat(Array.from({ length: 1024 }, () => member));
  if (encoding === 'gzip') return repeated(zlib.gzipSync(spaces));
  if (encoding === 'zstd') return repeated(zlib.zstdCompressSync(spaces));
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 };
  return zlib.brotliCompressSync(Buffer.alloc(256 * MIB, 0x20), { params });
}

test.each(['gzip', 'zstd', 'br'] as const)('a %s bomb is refused before it is unpacked', async (encoding) => {
  const body = bomb(encoding);
  const onCodex = await send('/backend-api/codex/responses', encoding, body);
  expect(onCodex.status).toBe(400);
  expect(errorOf(onCodex)).toMatchObject({ code: 'payload_too_large' });
  const onV1 = await send('/v1/responses', encoding, body);
  expect(onV1.status).toBe(413);
  expect(errorOf(onV1)).toMatchObject({ code: 'payload_too_large' });
});

test('a bomb inside a second layer is refused too', async () => {
  const answer = await send('/v1/responses', 'gzip, br', zlib.brotliCompressSync(bomb('gzip')));
  expect(answer.status).toBe(413);
});
