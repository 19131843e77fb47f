import fc from 'fast-check';
import zlib from 'node:zlib';
import { decodeBody } from '../../../../sidecar/gateway/turn/decode-body';

const MIB = 1024 * 1024;
const encoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  zstd: (bytes) => zlib.zstdCompressSync(bytes),
  zst: (bytes) => zlib.zstdCompressSync(bytes),
  gzip: (bytes) => zlib.gzipSync(bytes),
  'x-gzip': (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
  identity: (bytes) => bytes,
};

function decode(
  raw: Buffer,
  encoding?: string,
  type?: string,
  limit = MIB,
  signal?: AbortSignal,
): ReturnType<typeof decodeBody> {
  return decodeBody(raw, encoding, type, limit, signal ?? new AbortController().signal);
}

describe('decoding a body', () => {
  it('undoes any stack of up to four encodings, right to left', async () => {
    const names = fc.array(fc.constantFrom(...Object.keys(encoders)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(names, fc.uint8Array({ maxLength: 5000 }), async (stack, bytes) => {
        const plain = Buffer.from(bytes);
        const raw = stack.reduce<Buffer>((body, name) => encoders[name]?.(body) ?? body, plain);
        const { body } = await decode(raw, stack.join(', '));
        expect(body.equals(plain)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes parameters, capitals and spaces in the header', async () => {
    const { body, decoded } = await decode(zlib.zstdCompressSync(Buffer.from('{}')), ' ZSTD; level=3 ,identity,');
    expect(body.toString()).toBe('{}');
    expect(decoded).toBe(true);
  });

  it('takes deflate without its wrapper', async () => {
    const text = Buffer.from('{"a":1}'.repeat(100));
    expect((await decode(zlib.deflateRawSync(text), 'deflate')).body.equals(text)).toBe(true);
  });

  it('joins zstd frames and gzip members, and skips skippable frames', async () => {
    const [a, b] = [Buffer.from('{"a":'), Buffer.from('1}')];
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9]);
    const zstd = Buffer.concat([skippable, zlib.zstdCompressSync(a), skippable, zlib.zstdCompressSync(b)]);
    expect((await decode(zstd, 'zstd')).body.toString()).toBe('{"a":1}');
    expect((await decode(Buffer.concat([zlib.gzipSync(a), zlib.gzipSync(b)]), 'gzip')).body.toString()).toBe('{"a":1}');
  });

  it('hands back the very Buffer when nothing is encoded', async () => {
    const raw = Buffer.from('{}');
    for (const encoding of [undefined, '', 'identity', 'identity, identity']) {
      expect(await decode(raw, encoding, 'application/json')).toEqual({ body: raw, decoded: false });
      expect((await decode(raw, encoding, 'application/json')).body).toBe(raw);
    }
  });

  it.each(['zstd', 'gzip'])('sees undeclared %s in a JSON body', async (name) => {
    const raw = encoders[name]?.(Buffer.from('{"a":1}')) ?? Buffer.alloc(0);
    const seen = await decode(raw, undefined, 'Application/JSON; charset=utf-8');
    expect(seen.body.toString()).toBe('{"a":1}');
    expect(seen.decoded).toBe(true);
    expect((await decode(raw, undefined, 'text/plain')).body).toBe(raw);
    const broken = raw.subarray(0, raw.length - 2);
    expect((await decode(broken, undefined, 'application/json')).body).toBe(broken);
  });
});

describe('refusing to decode a body', () => {
  it.each(['zstd', 'gzip', 'deflate', 'br'])('refuses %s that is truncated, at every length', async (name) => {
    const raw =
      encoders[name]?.(Buffer.from(JSON.stringify({ input: 'abc'.repeat(20), n: Math.PI }))) ?? Buffer.alloc(0);
    for (let length = 0; length < raw.length; length++) {
      await expect(decode(raw.subarray(0, length), name)).rejects.toMatchObject({
        code: 'invalid_request',
        status: 400,
        message: expect.stringMatching(/truncated or corrupt/) as string,
      });
    }
  });

  it.each(['zstd', 'gzip', 'deflate', 'br'])('refuses %s that is something else', async (name) => {
    await expect(decode(Buffer.from('{"model":"plain text"}'), name)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it.each([
    ['compress', 'Unsupported Content-Encoding'],
    ['gzip, aes128gcm', 'Unsupported Content-Encoding'],
    ['constructor', 'Unsupported Content-Encoding'],
    ['gzip,gzip,gzip,gzip,gzip', 'at most 4'],
  ])('refuses %s', async (encoding, reason) => {
    await expect(decode(Buffer.from('{}'), encoding)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each(['zstd', 'gzip', 'deflate', 'br'])('stops a %s bomb at the limit', async (name) => {
    const bomb = encoders[name]?.(Buffer.alloc(32 * MIB)) ?? Buffer.alloc(0);
    const refused = { code: 'payload_too_large', message: expect.stringContaining('1 MiB') as string };
    await expect(decode(bomb, name)).rejects.toMatchObject(refused);
    await expect(decode(zlib.gzipSync(bomb), `${name}, gzip`)).rejects.toMatchObject(refused);
  });

  it('stops a bomb nobody declared', async () => {
    await expect(decode(zlib.gzipSync(Buffer.alloc(8 * MIB)), undefined, 'application/json')).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  it('counts zstd frames together', async () => {
    const frame = zlib.zstdCompressSync(Buffer.alloc(MIB));
    await expect(decode(Buffer.concat([frame, frame]), 'zstd', undefined, 1.5 * MIB)).rejects.toMatchObject({
      code: 'payload_too_large',
    });
    expect((await decode(frame, 'zstd')).body).toHaveLength(MIB);
  });

  it('ends with the turn', async () => {
    const raw = zlib.gzipSync(Buffer.alloc(32 * MIB));
    const gone = { code: 'client_disconnected' };
    await expect(decode(raw, 'gzip', undefined, 64 * MIB, AbortSignal.abort())).rejects.toMatchObject(gone);
    const controller = new AbortController();
    const decoding = decode(raw, 'gzip', undefined, 64 * MIB, controller.signal);
    controller.abort();
    await expect(decoding).rejects.toMatchObject(gone);
  });
});
