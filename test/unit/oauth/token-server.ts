import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call of the token endpoint. */
export interface TokenCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

export interface TokenServer {
  readonly baseUrl: string;
  readonly calls: readonly TokenCall[];
  close(): Promise<void>;
}

/** What a test answers a call with. */
export type TokenAnswer = (call: TokenCall, response: ServerResponse) => void | Promise<void>;

/** Sends a JSON answer. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A real HTTP server on a free port that answers as the test says. */
export async function startTokenServer(respond: TokenAnswer): Promise<TokenServer> {
  const calls: TokenCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const call = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, form };
      calls.push(call);
      void respond(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The provider's rule: a refresh token works once; the second time its whole family is dead. */
export function rotatingTokens(issue: (serial: number) => Record<string, unknown>) {
  const spent = new Set<string>();
  const counts = { reused: 0, issued: 0 };
  const respond: TokenAnswer = ({ form }, response) => {
    const token = form.get('refresh_token') ?? '';
    if (spent.has(token)) {
      counts.reused += 1;
      answer(response, 401, { error: { code: 'refresh_token_reused', message: 'Already used.' } });
      return;
    }
    spent.add(token);
    counts.issued += 1;
    answer(response, 200, issue(counts.issued));
  };
  return { respond, counts };
}
