/**
 * Walks the frames of zstd data (RFC 8878 section 3.1). Node's decoder ends without an error where its input ends and stops behind the first
 * frame (seen in 22.23), so a body cut in transit would pass for a whole one: what is decoded is checked here first.
 */

const FRAME_MAGIC = 0xfd2fb528;
/** Skippable frames: magic 0x184D2A50 to 0x184D2A5F. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
/** Encoders write one frame, parallel ones a few dozen; each costs a decoder of its own. */
const MAX_FRAMES = 1024;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** The data frames, each complete; `null` when the bytes are truncated, are no zstd, or are more frames than anyone writes. */
export function zstdFrames(bytes: Buffer): Buffer[] | null {
  const frames: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return null;
    const magic = bytes.readUInt32LE(at);
    const isData = magic === FRAME_MAGIC;
    const end = isData ? frameEnd(bytes, at + 4) : skippableEnd(bytes, at, magic);
    if (end === null || end > bytes.length) return null;
    if (isData && frames.push(bytes.subarray(at, end)) > MAX_FRAMES) return null;
    at = end;
  }
  return frames.length === 0 ? null : frames;
}

function skippableEnd(bytes: Buffer, at: number, magic: number): number | null {
  const isSkippable = (magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
  return isSkippable && at + 8 <= bytes.length ? at + 8 + bytes.readUInt32LE(at + 4) : null;
}

/** `at` = the frame header descriptor. */
function frameEnd(bytes: Buffer, at: number): number | null {
  const descriptor = bytes[at];
  if (descriptor === undefined) return null;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
  const windowBytes = isSingleSegment ? 0 : 1;
  let p = at + 1 + windowBytes + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0) + sizeBytes;
  for (let isLast = false; !isLast;) {
    if (p + 3 > bytes.length) return null;
    const header = bytes.readUIntLE(p, 3);
    const type = (header >> 1) & 3;
    if (type === RESERVED_BLOCK) return null;
    isLast = (header & 1) === 1;
    p += 3 + (type === RLE_BLOCK ? 1 : header >> 3);
  }
  const checksumBytes = (descriptor & 0x04) !== 0 ? 4 : 0;
  return p + checksumBytes;
}
