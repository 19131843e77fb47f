/** One request to the admin API of a running sidecar. */
import got, { RequestError } from 'got';
import { ERRORS, TightropeError, type ErrorCode } from '../platform/errors';

/** What to send. */
export interface AdminRequest {
  /** @default 'GET' */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Admin token; `null` = none. */
  readonly token?: string | null;
  /** For the whole request, ms. */
  readonly timeoutMs: number;
}

/**
 * Sends a request straight to this machine: no redirects, no retries, no forward proxy.
 *
 * @returns the JSON of the answer
 * @throws TightropeError with the code of the answer, or `upstream_unavailable` when there is none
 */
export async function adminRequest(url: string, request: AdminRequest): Promise<unknown> {
  const { statusCode, body } = await send(url, request);
  const answer = parsed(body);
  if (statusCode >= 200 && statusCode < 300 && answer !== undefined) return answer;
  throw refusal(statusCode, answer);
}

async function send(
  url: string,
  { method, body, token, timeoutMs }: AdminRequest,
): Promise<{ statusCode: number; body: string }> {
  try {
    return await got(url, {
      method: method ?? 'GET',
      ...(body === undefined ? {} : { json: body }),
      headers: token === null || token === undefined ? {} : { authorization: `Bearer ${token}` },
      timeout: { request: timeoutMs },
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
    });
  } catch (error) {
    const code = error instanceof RequestError ? error.code : 'unknown';
    throw new TightropeError('upstream_unavailable', {
      message: `The sidecar at ${new URL(url).origin} did not answer (${code}).`,
      cause: error,
    });
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // told as an answer that is not understood
  }
}

/** The dashboard envelope `{"error":{code,message}}` as an error of ours. */
function refusal(statusCode: number, answer: unknown): TightropeError {
  const error = typeof answer === 'object' && answer !== null && 'error' in answer ? answer.error : undefined;
  if (typeof error !== 'object' || error === null || !('message' in error) || !('code' in error)) {
    const message = `The sidecar gave an answer that is not understood (status ${statusCode}).`;
    return new TightropeError('upstream_error', { message });
  }
  const code = isErrorCode(error.code) ? error.code : 'upstream_error';
  return new TightropeError(code, { message: String(error.message) });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
