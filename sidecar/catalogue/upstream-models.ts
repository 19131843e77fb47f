/** Asks upstream for one account's catalogue: `GET {base}/codex/models?client_version=V` (codex-wire 2.8). */
import type { Agent as HttpAgent, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import got, { RequestError } from 'got';
import { TightropeError } from '../platform/errors';

export interface UpstreamModelsOptions {
  /** `config.upstream.baseUrl`. */
  readonly baseUrl: string;
  readonly connectTimeoutMs: number;
  /** For the whole call, ms. */
  readonly timeoutMs: number;
  /** `tightrope/<version>`. */
  readonly userAgent: string;
  /** They know the configured proxy. */
  readonly agents: { readonly http: HttpAgent; readonly https: HttpsAgent };
}

export interface ModelsRequest {
  readonly clientVersion: string;
  readonly accessToken: string;
  readonly chatgptAccountId: string | null;
  /** Validator of the list held for this account and version; `null` = none. */
  readonly etag: string | null;
}

export type ModelsAnswer =
  | { readonly kind: 'list'; readonly entries: readonly unknown[]; readonly etag: string | null }
  | { readonly kind: 'unchanged' }
  /** The token was refused (401). */
  | { readonly kind: 'unauthorized' };

export type FetchModels = (request: ModelsRequest, signal: AbortSignal) => Promise<ModelsAnswer>;

/** Bytes after decompression. A dozen entries with their prompts have about 1 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * @throws TightropeError `upstream_unavailable`, `upstream_error`, `upstream_response_too_large`, or the signal's reason.
 *   Nothing of request or answer is in the message.
 */
export function createFetchModels(options: UpstreamModelsOptions): FetchModels {
  const url = `${options.baseUrl.replace(/\/+$/, '')}/codex/models`;
  return async (request, signal) => {
    const { status, headers, body } = await get(url, request, options, signal);
    if (status === 304) return { kind: 'unchanged' };
    if (status === 401) return { kind: 'unauthorized' };
    if (status !== 200)
      throw new TightropeError('upstream_error', { message: `The catalogue answered HTTP ${status}.` });
    return { kind: 'list', entries: readEntries(body), etag: headers.etag ?? null };
  };
}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

async function get(
  url: string,
  request: ModelsRequest,
  options: UpstreamModelsOptions,
  signal: AbortSignal,
): Promise<Received> {
  const stream = got.stream(url, {
    searchParams: { client_version: request.clientVersion },
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${request.accessToken}`,
      'user-agent': options.userAgent,
      ...(request.chatgptAccountId === null ? {} : { 'chatgpt-account-id': request.chatgptAccountId }),
      ...(request.etag === null ? {} : { 'if-none-match': request.etag }),
    },
    // A redirect would carry the token to wherever it points.
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    timeout: { connect: options.connectTimeoutMs, request: options.timeoutMs },
    agent: options.agents,
    signal,
  });
  let head: IncomingMessage | undefined;
  stream.once('response', (response: IncomingMessage) => (head = response));
  try {
    const body = await collect(stream);
    return { status: head?.statusCode ?? 0, headers: head?.headers ?? {}, body };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    // got's errors hold the whole request and with it the token: only the code goes on.
    throw new TightropeError('upstream_unavailable', {
      message: `The catalogue could not be fetched (${error.code}).`,
    });
  }
}

/** Leaving the loop early ends the stream and its connection. */
async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) {
      throw new TightropeError('upstream_response_too_large', { message: 'The catalogue is larger than expected.' });
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks, size);
}

function readEntries(body: Buffer): readonly unknown[] {
  const parsed = parseJson(body);
  if (typeof parsed === 'object' && parsed !== null && 'models' in parsed && Array.isArray(parsed.models)) {
    return parsed.models;
  }
  throw new TightropeError('upstream_error', {
    message: 'The catalogue answered something that is no list of models.',
  });
}

/** `undefined` when the body is no JSON: an HTML page of something in between. */
function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined; // a SyntaxError, the only thing it throws, quotes the body
  }
}
