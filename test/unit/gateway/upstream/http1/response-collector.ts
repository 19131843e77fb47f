/** Feeds a reader and keeps what it says. */
import { ResponseReader } from '../../../../../sidecar/gateway/upstream/http1/response-reader';

export interface Collected {
  readonly reader: ResponseReader;
  readonly heads: { readonly status: number; readonly headers: readonly string[] }[];
  body: string;
  /** Bytes behind the answer. */
  surplus: number;
}

/** Feeds `pieces` one after the other, each as a Buffer of its own that nobody else holds. */
export function collect(pieces: readonly Buffer[]): Collected {
  const reader = new ResponseReader();
  const collected: Collected = { reader, heads: [], body: '', surplus: 0 };
  const sink = {
    onHead: (status: number, headers: readonly string[]) => void collected.heads.push({ status, headers }),
    onChunk: (chunk: Buffer) => {
      collected.body += chunk.toString('latin1');
    },
  };
  for (const piece of pieces) {
    if (reader.state === 'complete') break;
    collected.surplus += reader.feed(Buffer.from(piece), sink);
  }
  return collected;
}

export function collectText(text: string): Collected {
  return collect([Buffer.from(text, 'latin1')]);
}

/** Cuts bytes at the given offsets. */
export function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const places = [...new Set(offsets.map((offset) => offset % (bytes.length + 1)))].sort((a, b) => a - b);
  const pieces: Buffer[] = [];
  let from = 0;
  for (const place of [...places, bytes.length]) {
    if (place > from) pieces.push(bytes.subarray(from, place));
    from = place;
  }
  return pieces;
}
