import fc from 'fast-check';
import zlib from 'node:zlib';
import { zstdFrames } from '../../../../sidecar/gateway/turn/zstd-frames';

/** Compressed in pieces, so that the frame names no content size and has several blocks. */
function streamed(pieces: readonly Uint8Array[], checksum: boolean): Promise<Buffer> {
  const engine = zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } });
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    engine.on('data', (chunk: Buffer) => out.push(chunk));
    engine.on('end', () => resolve(Buffer.concat(out)));
    engine.on('error', reject);
    const next = (i: number): void => {
      const piece = pieces[i];
      if (piece === undefined) engine.end();
      else engine.write(piece, () => engine.flush(() => next(i + 1)));
    };
    next(0);
  });
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3000 }),
  fc.nat({ max: 300_000 }).map((size) => new Uint8Array(size)),
);

describe('zstd frames', () => {
  it('end where the encoder ended them, whatever their header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 4 }), fc.boolean(), async (pieces, checksum) => {
        const one = await streamed(pieces, checksum);
        const other = zlib.zstdCompressSync(pieces[0] ?? new Uint8Array());
        expect(zstdFrames(one)).toEqual([one]);
        expect(zstdFrames(Buffer.concat([one, other, one]))).toEqual([one, other, one]);
      }),
      { numRuns: 40 },
    );
  });

  it('are none when any byte is missing', async () => {
    const frame = await streamed([Buffer.from('abc'), Buffer.from('def'.repeat(50))], true);
    for (let length = 0; length < frame.length; length++) expect(zstdFrames(frame.subarray(0, length))).toBeNull();
  });

  it('are none when there are absurdly many', () => {
    const frame = zlib.zstdCompressSync(Buffer.from('x'));
    expect(zstdFrames(Buffer.concat(Array.from({ length: 1024 }, () => frame)))).toHaveLength(1024);
    expect(zstdFrames(Buffer.concat(Array.from({ length: 1025 }, () => frame)))).toBeNull();
  });

  it('are none in other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(zstdFrames(Buffer.from([0x1f, ...noise]))).toBeNull();
        expect(() => zstdFrames(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...noise]))).not.toThrow();
      }),
    );
    const huge = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff]);
    expect(zstdFrames(huge)).toBeNull();
  });
});
