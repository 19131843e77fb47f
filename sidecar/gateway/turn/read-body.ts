/** Reads a request body into one buffer within a byte limit; the client's own bytes are what later goes upstream. */
import type { IncomingMessage } from 'node:http';
import { TightropeError } from '../../platform/errors';

/**
 * @param limitBytes bytes as they arrive, before decoding
 * @throws TightropeError `payload_too_large`; `client_disconnected` when the request ends early
 */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const declared = Number(request.headers['content-length'] ?? 0);
    if (declared > limitBytes) {
      reject(tooLarge(limitBytes));
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) {
        settle();
        reject(tooLarge(limitBytes));
        return;
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
      const [only] = chunks;
      resolve(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size));
    };
    const onClose = (): void => {
      settle();
      reject(new TightropeError('client_disconnected'));
    };
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

function tooLarge(limitBytes: number): TightropeError {
  return new TightropeError('payload_too_large', {
    message: `The request body is larger than ${String(limitBytes / (1024 * 1024))} MiB.`,
  });
}
