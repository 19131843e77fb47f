/** Takes the content encodings off a request body (proxy.md 1.4): off the event loop, bounded, and cancelled with the turn. */
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { TightropeError } from '../../platform/errors';
import { zstdFrames } from './zstd-frames';

/** A body without encodings. */
export interface DecodedBody {
  readonly body: Buffer;
  /** Whether any decoder ran. */
  readonly decoded: boolean;
}

interface Bounds {
  readonly limitBytes: number;
  readonly signal: AbortSignal;
}

type Decoder = (raw: Buffer, bounds: Bounds) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: (raw, bounds) => inflate(createGunzip, raw, bounds),
  'x-gzip': (raw, bounds) => inflate(createGunzip, raw, bounds),
  deflate: decodeDeflate,
  br: (raw, bounds) => inflate(createBrotliDecompress, raw, bounds),
  zstd: decodeZstd,
  zst: decodeZstd,
};

/** More layers than any client stacks; each costs a pass over up to the limit. */
const MAX_ENCODINGS = 4;
/** Output pieces of a decoder: small ones cost a thread switch each, large ones memory for small bodies. */
const MIN_PIECE_BYTES = 16 * 1024;
const MAX_PIECE_BYTES = 256 * 1024;

/**
 * Decodes from right to left; parameters behind `;` are ignored. Without an encoding, a JSON body that begins like zstd or gzip is
 * decoded as well, and left alone when that fails.
 * @param limitBytes largest size after each layer
 * @throws TightropeError `invalid_request` (unknown, truncated or corrupt encoding, too many layers), `payload_too_large`,
 *   `client_disconnected` when aborted
 */
export async function decodeBody(
  raw: Buffer,
  contentEncoding: string | undefined,
  contentType: string | undefined,
  limitBytes: number,
  signal: AbortSignal,
): Promise<DecodedBody> {
  const bounds = { limitBytes, signal };
  const encodings = encodingsOf(contentEncoding);
  if (encodings.length === 0) return decodeUndeclared(raw, contentType, bounds);
  let body = raw;
  for (const encoding of encodings.reverse()) body = await decodeLayer(encoding, body, bounds);
  return { body, decoded: true };
}

/** Declared encodings in order, `identity` left out. */
function encodingsOf(header: string | undefined): string[] {
  if (header === undefined) return [];
  const names = header.split(',').map((entry) => (entry.split(';')[0] ?? '').trim().toLowerCase());
  const encodings = names.filter((name) => name !== '' && name !== 'identity');
  if (encodings.length > MAX_ENCODINGS) {
    throw invalid(`Content-Encoding lists ${encodings.length} encodings; at most ${MAX_ENCODINGS} are decoded.`);
  }
  const unknown = encodings.find((name) => !Object.hasOwn(DECODERS, name));
  if (unknown !== undefined) {
    throw invalid('Unsupported Content-Encoding: zstd, gzip, deflate, br and identity are understood.');
  }
  return encodings;
}

async function decodeLayer(encoding: string, raw: Buffer, bounds: Bounds): Promise<Buffer> {
  const decoder = DECODERS[encoding];
  if (decoder === undefined) throw invalid('Unsupported Content-Encoding.');
  try {
    return await decoder(raw, bounds);
  } catch (error) {
    if (error instanceof TightropeError) throw error;
    throw invalid(`The body is not valid ${encoding} data: it is truncated or corrupt.`, error);
  }
}

async function decodeUndeclared(raw: Buffer, contentType: string | undefined, bounds: Bounds): Promise<DecodedBody> {
  const encoding = contentType?.toLowerCase().includes('json') === true ? sniff(raw) : undefined;
  if (encoding === undefined) return { body: raw, decoded: false };
  try {
    return { body: await decodeLayer(encoding, raw, bounds), decoded: true };
  } catch (error) {
    // A guess that was wrong is no fault of the client: the bytes are judged as they are.
    if (error instanceof TightropeError && error.code === 'invalid_request') return { body: raw, decoded: false };
    throw error;
  }
}

function sniff(raw: Buffer): string | undefined {
  if (raw[0] === 0x28 && raw[1] === 0xb5 && raw[2] === 0x2f && raw[3] === 0xfd) return 'zstd';
  return raw[0] === 0x1f && raw[1] === 0x8b ? 'gzip' : undefined;
}

/** Some clients send `deflate` without the zlib wrapper RFC 9110 8.4.1.2 asks for. */
async function decodeDeflate(raw: Buffer, bounds: Bounds): Promise<Buffer> {
  try {
    return await inflate(createInflate, raw, bounds);
  } catch (error) {
    if (error instanceof TightropeError) throw error;
    return inflate(createInflateRaw, raw, bounds);
  }
}

async function decodeZstd(raw: Buffer, bounds: Bounds): Promise<Buffer> {
  const frames = zstdFrames(raw);
  if (frames === null) throw invalid('The body is not valid zstd data: it is truncated or corrupt.');
  const decoded: Buffer[] = [];
  let room = bounds.limitBytes;
  for (const frame of frames) {
    const piece = await inflate(createZstdDecompress, frame, { limitBytes: room, signal: bounds.signal });
    room -= piece.length;
    decoded.push(piece);
  }
  return Buffer.concat(decoded);
}

/** Runs one decoder in the thread pool; it is destroyed as soon as its output passes the limit or the turn is cancelled. */
async function inflate(
  create: (options: { readonly chunkSize: number }) => Transform,
  raw: Buffer,
  { limitBytes, signal }: Bounds,
): Promise<Buffer> {
  if (signal.aborted) throw new TightropeError('client_disconnected');
  const chunkSize = Math.min(MAX_PIECE_BYTES, Math.max(MIN_PIECE_BYTES, raw.length * 4));
  const engine = create({ chunkSize });
  const onAbort = (): void => void engine.destroy(new TightropeError('client_disconnected'));
  signal.addEventListener('abort', onAbort, { once: true });
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    engine.end(raw);
    for await (const piece of engine as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > limitBytes) throw tooLarge(limitBytes);
      pieces.push(piece);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    engine.destroy();
  }
  return Buffer.concat(pieces, size);
}

function invalid(message: string, cause?: unknown): TightropeError {
  return new TightropeError('invalid_request', { message, param: 'content-encoding', cause });
}

function tooLarge(limitBytes: number): TightropeError {
  return new TightropeError('payload_too_large', {
    message: `The decoded request body is larger than ${Math.floor(limitBytes / (1024 * 1024))} MiB.`,
  });
}
