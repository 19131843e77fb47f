/** Baseline `splice`: two sockets and nothing between them, the floor of what Node's sockets cost. */
import net from 'node:net';
import { announceReady, serveCalls } from '../processes/control';

/** Plays the role `splice` in front of 127.0.0.1:`upstreamPort`. */
export function runSplice(upstreamPort: number): void {
  const server = net.createServer({ noDelay: true }, (client) => {
    const upstream = net.connect({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    couple(client, upstream);
    couple(upstream, client);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address();
    announceReady({ port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
  serveCalls({});
}

/** Bytes of `from` go to `to` at the pace of `to`; the end of one is the end of both. */
function couple(from: net.Socket, to: net.Socket): void {
  from.on('data', (chunk: Buffer) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => from.resume());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}
