/** Asks upstream for one account's usage: `GET {base}/wham/usage` (codex-wire 2.9, spec/data-security.md 11.1). */
import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import got, { RequestError } from 'got';
import { TightropeError } from '../platform/errors';
import { redactText } from '../platform/redact';
import { fieldsOf, isFields, numberOf, parseJson, textOf } from './json-fields';

export interface UsageClientOptions {
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

export interface UsageRequest {
  readonly accessToken: string;
  readonly chatgptAccountId: string | null;
}

export type UsageAnswer =
  | { readonly kind: 'usage'; readonly text: string }
  /** Upstream said no; `code` and `message` in its words, bounded and cleaned. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string | null;
      readonly message: string;
      /** Out of `retry-after` in seconds, ms. */
      readonly retryAfterMs: number | null;
    };

export type FetchUsage = (request: UsageRequest, signal: AbortSignal) => Promise<UsageAnswer>;

/** Bytes after decompression; a real answer has about 1 KB. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const MAX_CODE_CHARS = 64;
const MAX_MESSAGE_CHARS = 300;
const CODE = /^[\w.-]+$/;

/**
 * @throws TightropeError `upstream_unavailable`, `upstream_error` (2xx without a JSON object),
 *   `upstream_response_too_large`, or the signal's reason. Nothing of request or answer is in the message.
 */
export function createFetchUsage(options: UsageClientOptions): FetchUsage {
  const url = usageUrl(options.baseUrl);
  return async (request, signal) => {
    const { status, retryAfter, body } = await get(url, request, options, signal);
    const text = body.toString('utf8');
    if (status < 200 || status > 299) return refusal(status, retryAfter, text);
    if (isFields(parseJson(text))) return { kind: 'usage', text };
    throw new TightropeError('upstream_error', { message: 'The usage answer is no JSON object.' });
  };
}

/** A base without `/backend-api` gets it (spec/data-security.md 11.1). */
export function usageUrl(baseUrl: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return `${base.includes('/backend-api') ? base : `${base}/backend-api`}/wham/usage`;
}

interface Received {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: Buffer;
}

async function get(
  url: string,
  request: UsageRequest,
  options: UsageClientOptions,
  signal: AbortSignal,
): Promise<Received> {
  const stream = got.stream(url, {
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${request.accessToken}`,
      'user-agent': options.userAgent,
      ...(request.chatgptAccountId === null ? {} : { 'chatgpt-account-id': request.chatgptAccountId }),
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
    return { status: head?.statusCode ?? 0, retryAfter: head?.headers['retry-after'] ?? null, body };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    // got's errors hold the whole request and with it the token: only the code goes on.
    throw new TightropeError('upstream_unavailable', { message: `Upstream could not be reached (${error.code}).` });
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
      throw new TightropeError('upstream_response_too_large', { message: 'The usage answer is larger than expected.' });
    }
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks, size);
}

/** `{error:{code,message}}`, `{error:"…"}`, `{detail:{code}}`, `{detail:"…"}`, `{message}` (spec/data-security.md 11.1). */
function refusal(status: number, retryAfter: string | null, text: string): UsageAnswer {
  const outer = fieldsOf(parseJson(text));
  const error = fieldsOf(outer['error']);
  const detail = fieldsOf(outer['detail']);
  const code = firstText([error['code'], outer['error'], detail['code'], outer['code'], error['type']], MAX_CODE_CHARS);
  const message = firstText(
    [
      error['message'],
      error['error_description'],
      outer['error_description'],
      outer['error'],
      detail['message'],
      outer['detail'],
      outer['message'],
    ],
    MAX_MESSAGE_CHARS,
  );
  const seconds = numberOf(retryAfter);
  return {
    kind: 'refused',
    status,
    code: code !== null && CODE.test(code) ? code : null,
    message: redactText(message ?? `Upstream answered HTTP ${status}.`),
    retryAfterMs: seconds === null || seconds < 0 ? null : seconds * 1000,
  };
}

function firstText(values: readonly unknown[], maxChars: number): string | null {
  for (const value of values) {
    const text = textOf(value, maxChars);
    if (text !== null) return text;
  }
  return null;
}
