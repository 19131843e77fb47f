/** Baseline `pipe`: the bare node:http proxy that everybody writes first; no duties, no parsing, streams piped. */
import http from 'node:http';
import { announceReady, serveCalls } from '../processes/control';

/** Plays the role `pipe` in front of 127.0.0.1:`upstreamPort`. */
export function runPipe(upstreamPort: number): void {
  const agent = new http.Agent({ keepAlive: true });
  const server = http.createServer((request, response) => {
    const call = http.request(
      {
        host: '127.0.0.1',
        port: upstreamPort,
        path: request.url,
        method: request.method,
        headers: request.headers,
        agent,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    call.on('error', () => response.destroy());
    response.on('close', () => {
      if (!response.writableFinished) call.destroy();
    });
    request.pipe(call);
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
    const address = server.address();
    announceReady({ port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
  serveCalls({});
}
