/**
 * Answers a request whose body may still be on its way. Node closes a connection that is not kept as soon as its answer
 * ends; with body bytes still arriving the kernel then resets it, and the client loses the answer (RFC 9112 9.6).
 */
import type { ServerResponse } from 'node:http';

/** A client that neither sends the rest nor hangs up is cut off. */
const LINGER_MS = 30_000;
/** More than this is not worth reading only to throw it away. */
const LINGER_LIMIT_BYTES = 256 * 1024 * 1024;

/** Sends the whole answer at once, and ends it when the request's body has been read and thrown away. */
export function endAfterRequestBody(response: ServerResponse, body: Buffer): void {
  const { req: request } = response;
  if (request.complete) {
    response.end(body);
    return;
  }
  response.write(body);
  let discarded = 0;
  const cutOff = setTimeout(() => request.destroy(), LINGER_MS);
  const finish = (): void => {
    clearTimeout(cutOff);
    response.end();
  };
  request.once('end', finish).once('close', finish);
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    discarded += chunk.length;
    if (discarded > LINGER_LIMIT_BYTES) request.destroy();
  });
  request.resume();
}
