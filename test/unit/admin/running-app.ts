import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler, Router } from 'express';
import { createAdminApp } from '../../../sidecar/admin/admin-app';
import type { GuardRules } from '../../../sidecar/admin/guard';
import { hostAllowList } from '../../../sidecar/admin/host-allow-list';
import { addressSet } from '../../../sidecar/platform/peer-address';
import { recordingLogger, type RecordingLogger } from './recording-logger';

export const TOKEN = 'the-admin-token-of-this-test';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export function guardRules(
  options: { allowedHosts?: string[]; trustedProxies?: string[]; bindHost?: string } = {},
): GuardRules {
  return {
    hosts: hostAllowList(options.bindHost ?? '127.0.0.1', options.allowedHosts ?? []),
    trustedProxies: addressSet(options.trustedProxies ?? []),
    signin: { passwordSet: () => false, session: () => null, isComplete: () => false, touch: () => null },
    isAdminToken: (presented) => timingSafeEqual(digest(presented), digest(TOKEN)),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  /** Names and values in turn, sent as they are. `Host` of the server is added unless given here. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  /** Send the body without a content-length. */
  readonly chunked?: boolean;
}

export interface RunningApp {
  readonly port: number;
  readonly origin: string;
  readonly logger: RecordingLogger;
  ask(ask: Ask): Promise<Answer>;
  close(): Promise<void>;
}

const noPage: RequestHandler = (_request, _response, next) => next();

export async function runApp(
  routers: readonly Router[],
  options: { rules?: GuardRules; page?: RequestHandler } = {},
): Promise<RunningApp> {
  const logger = recordingLogger();
  let made = 0;
  const app = createAdminApp({
    rules: options.rules ?? guardRules(),
    health: () => ({ status: 'ok', uptime_ms: 5, instanceId: 'instance', version: '0.0.0' }),
    routers,
    page: options.page ?? noPage,
    audit: { record: () => undefined },
    isLocked: () => false,
    logger,
    newId: () => `made-${(made += 1)}`,
  });
  const server = http.createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    logger,
    ask: (ask) => send(port, ask),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(port: number, ask: Ask): Promise<Answer> {
  const headers = [...(ask.headers ?? [])];
  if (!headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'host'))
    headers.push('Host', `127.0.0.1:${port}`);
  if (ask.body !== undefined) {
    headers.push(
      ...(ask.chunked ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(Buffer.byteLength(ask.body))]),
    );
  }
  return new Promise((resolve, reject) => {
    const request = http.request({
      port,
      host: '127.0.0.1',
      method: ask.method ?? 'GET',
      path: ask.path,
      headers,
      agent: false,
    });
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = response.headers['content-type']?.includes('json') ?? false;
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson && text !== '' ? JSON.parse(text) : null,
        });
      });
    });
    request.once('error', reject);
    request.end(ask.body);
  });
}

/** The `code` of an error envelope. */
export function codeOf(answer: Answer): unknown {
  const body = answer.json as { error?: { code?: unknown } } | null;
  return body?.error?.code;
}
