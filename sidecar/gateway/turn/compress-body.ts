/** Optional zstd for request bodies on the way up (`TIGHTROPE_UPSTREAM_ENABLE_REQUEST_COMPRESSION`; spec proxy 12.2). */
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { HeaderList } from './respond';

export interface CompressedBody {
  readonly body: Buffer;
  readonly headers: HeaderList;
}

const LEVEL = 3;
const compress = promisify(zstdCompress);

/** Compresses off the event loop. An empty body stays as it is. */
export async function compressForUpstream(body: Buffer): Promise<CompressedBody> {
  if (body.length === 0) return { body, headers: [] };
  const compressed = await compress(body, { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
  return { body: compressed, headers: ['content-encoding', 'zstd'] };
}
