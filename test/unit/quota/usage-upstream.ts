/** A tiny real upstream for `/wham/usage`: replies are set per access token. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenCall {
  readonly url: string;
  readonly token: string;
  readonly headers: http.IncomingHttpHeaders;
}

export type UsageReply = (response: http.ServerResponse) => void;

export interface UsageUpstream {
  readonly baseUrl: string;
  readonly seen: SeenCall[];
  on(token: string, reply: UsageReply): void;
  close(): Promise<void>;
}

export async function startUsageUpstream(): Promise<UsageUpstream> {
  const replies = new Map<string, UsageReply>();
  const seen: SeenCall[] = [];
  const server = http.createServer((request, response) => {
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    seen.push({ url: request.url ?? '', token, headers: request.headers });
    const reply = replies.get(token);
    if (reply === undefined) response.writeHead(401).end();
    else reply(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/backend-api`,
    seen,
    on: (token, reply) => void replies.set(token, reply),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function json(body: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): UsageReply {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Takes the request and never answers. */
export const silence: UsageReply = () => undefined;
