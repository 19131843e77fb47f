/** Answers an upgrade, or a request that is none, on the bare socket: there is no response object there. */
import type { Duplex } from 'node:stream';
import type { WireError } from './errors';

/** Writes the whole answer and closes the connection. `body` is the envelope of the path's family. */
export function refuseOnBareSocket(
  socket: Duplex,
  error: Pick<WireError, 'status' | 'code' | 'headers'>,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${String(error.status)} ${error.code}`,
    'content-type: application/json',
    `content-length: ${String(Buffer.byteLength(text))}`,
    'connection: close',
    ...Object.entries({ ...error.headers, ...headers }).map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`);
}
