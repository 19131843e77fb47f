/** Bytes straight onto a socket, for requests that no HTTP client would send. */
import net from 'node:net';
import { within } from './eventually';

export interface Target {
  readonly hostname: string;
  readonly port: number;
}

/** Where a `http://host:port` address points. */
export function targetOf(address: string): Target {
  const url = new URL(address);
  return { hostname: url.hostname, port: Number(url.port) };
}

/** Writes the bytes and resolves with everything that comes back until the other side closes, or resets, the connection. */
export function rawExchange(target: Target, bytes: string | Buffer): Promise<string> {
  const closed = new Promise<string>((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(target.port, target.hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset is an answer too: `close` follows with whatever was read before it.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
  return within(`the end of a raw exchange with ${target.hostname}:${target.port}`, closed);
}
