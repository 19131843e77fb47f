import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

export type Reply = (request: Seen, response: http.ServerResponse) => void;

/** A tiny real upstream: replies are set per access token (`Bearer <token>`). */
export interface ModelUpstream {
  readonly baseUrl: string;
  readonly seen: Seen[];
  on(token: string, reply: Reply): void;
  close(): Promise<void>;
}

export async function startModelUpstream(): Promise<ModelUpstream> {
  const replies = new Map<string, Reply>();
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const now = { url: request.url ?? '', headers: request.headers };
    seen.push(now);
    const reply = replies.get((request.headers.authorization ?? '').replace('Bearer ', ''));
    if (reply === undefined) response.writeHead(401).end();
    else reply(now, response);
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

/** A complete entry as upstream sends it. */
export function model(slug: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    slug,
    display_name: slug.toUpperCase(),
    description: null,
    supported_reasoning_levels: [{ effort: 'low', description: 'Low' }],
    shell_type: 'shell_command',
    visibility: 'list',
    supported_in_api: true,
    priority: 1,
    support_verbosity: true,
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    experimental_supported_tools: [],
    base_instructions: 'Be useful.',
    context_window: 1_000,
    ...more,
  };
}

/** Replies with a list, honouring `If-None-Match`. */
export function listReply(models: readonly unknown[], etag?: string): Reply {
  return (request, response) => {
    if (etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', ...(etag === undefined ? {} : { etag }) });
    response.end(JSON.stringify({ models }));
  };
}
