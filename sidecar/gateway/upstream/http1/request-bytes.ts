/** One request as bytes (RFC 9112 3). */
import { TightropeError } from '../../../platform/errors';
import type { UpstreamRequest } from '../transport';

const LF = 0x0a;
/** Bodies up to this size travel in one Buffer with their head: one write instead of a gathered one. */
const JOINED_BODY_BYTES = 64 * 1024;
const TARGET = /^\/[\x21-\x7e]*$/;

/**
 * Head and body (of a streamed one only the head), ready to be written one after the other.
 * @param host as the `Host` header has it
 * @throws TightropeError `internal_error` when a header or the path would break out of its line
 */
export function requestBytes({ method, path, headers, body }: UpstreamRequest, host: string): Buffer[] {
  if (!TARGET.test(path)) throw brokenHead('path');
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  for (let i = 0; i + 1 < headers.length; i += 2) head += `${headers[i] ?? ''}: ${headers[i + 1] ?? ''}\r\n`;
  const whole = Buffer.isBuffer(body) ? body : null;
  const length = whole?.length ?? 0;
  const isBare = method === 'GET' && body === null;
  head += isBare ? '\r\n' : `${framingOf(body)}\r\n\r\n`;
  const joined = length <= JOINED_BODY_BYTES;
  const bytes = Buffer.allocUnsafe(head.length + (joined ? length : 0));
  bytes.write(head, 'latin1');
  const wanted = 3 + headers.length / 2 + (isBare ? 1 : 2);
  if (countLines(bytes, head.length) !== wanted) throw brokenHead('header');
  if (whole === null) return [bytes];
  if (!joined) return [bytes, whole];
  whole.copy(bytes, head.length);
  return [bytes];
}

function framingOf(body: UpstreamRequest['body']): string {
  if (body !== null && !Buffer.isBuffer(body)) return 'transfer-encoding: chunked';
  return `content-length: ${String(body?.length ?? 0)}`;
}

/** Every line ends once: a value with a line end in it, in whatever encoding it came, makes one too many. */
function countLines(bytes: Buffer, end: number): number {
  let lines = 0;
  for (let p = bytes.indexOf(LF); p !== -1 && p < end; p = bytes.indexOf(LF, p + 1)) lines += 1;
  return lines;
}

function brokenHead(what: string): TightropeError {
  return new TightropeError('internal_error', { message: `The upstream request's ${what} could not be written.` });
}
