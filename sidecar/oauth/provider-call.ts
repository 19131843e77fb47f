/**
 * One POST to the login provider. Redirects are not followed and nothing of a request or an answer is kept in an error:
 * got's errors hold the whole request and with it tokens and codes.
 */
import got, { RequestError, type OptionsInit, type Progress } from 'got';
import type { ProxyAgents } from '../platform/proxy-agents';
import { readProviderError } from './provider-error';
import { TokenEndpointError } from './token-endpoint-error';

/** Where the provider is and how it is called. */
export interface ProviderAddress {
  /** `config.oauth.baseUrl`, without a slash at its end. */
  readonly baseUrl: string;
  readonly clientId: string;
  /** For connecting and for the whole call, ms (`TIGHTROPE_OAUTH_TIMEOUT_SECONDS`). */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly agents: ProxyAgents;
}

/** What of an HTTP answer is looked at. */
export interface ProviderAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** The JSON value of the body; `undefined` when it is none (an HTML error page of something in between). */
  readonly body: unknown;
}

export type ProviderPayload =
  { readonly form: Readonly<Record<string, string>> } | { readonly json: Readonly<Record<string, string>> };

/**
 * Statuses by which an edge says that it got no usable answer of the server behind it (RFC 9110 15.6.3 and 15.6.5; 520
 * and 524 are Cloudflare's): the server may have done its work. Any other status is the provider's word that it did not.
 */
const ANSWER_LOST_BEHIND_EDGE: readonly number[] = [502, 504, 520, 524];
/** Real answers have under 10 kB. */
const MAX_ANSWER_BYTES = 1_048_576;

/** @throws TokenEndpointError when no usable answer came; an answer of any status is given back */
export async function callProvider(
  address: ProviderAddress,
  path: string,
  payload: ProviderPayload,
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  const tooLarge = new AbortController();
  const body: Pick<OptionsInit, 'form' | 'json'> =
    'form' in payload ? { form: { ...payload.form } } : { json: payload.json };
  const request = got.post(`${address.baseUrl}${path}`, {
    ...body,
    // Uncompressed, so that the bound below is a bound of what ends up in memory.
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': address.userAgent },
    decompress: false,
    responseType: 'buffer',
    followRedirect: false,
    throwHttpErrors: false,
    // Refresh tokens and codes are single-use: a second try of our own could spend one twice.
    retry: { limit: 0 },
    timeout: { connect: address.timeoutMs, request: address.timeoutMs },
    agent: address.agents,
    signal: AbortSignal.any([signal, tooLarge.signal]),
  });
  void request.on('downloadProgress', ({ transferred }: Progress) => {
    if (transferred > MAX_ANSWER_BYTES) tooLarge.abort();
  });
  try {
    const answer = await request;
    return {
      status: answer.statusCode,
      retryAfter: answer.headers['retry-after'],
      body: parseJson(answer.body),
    };
  } catch (error) {
    if (tooLarge.signal.aborted) {
      const message = `The token endpoint sent more than ${MAX_ANSWER_BYTES} bytes.`;
      throw new TokenEndpointError('invalid_response', message, { mayBeSpent: true });
    }
    if (!(error instanceof RequestError)) throw error;
    throw transportFailure(error);
  }
}

/** Whether the provider did what it was asked. */
export function isSuccess({ status }: ProviderAnswer): boolean {
  return status >= 200 && status <= 299;
}

/** The provider's refusal in its own words. */
export function refusal({ status, retryAfter, body }: ProviderAnswer): TokenEndpointError {
  const { code, message } = readProviderError(body, status);
  const mayBeSpent = ANSWER_LOST_BEHIND_EDGE.includes(status);
  return new TokenEndpointError(code, message, { status, retryAfterMs: retryAfterMs(retryAfter), mayBeSpent });
}

/** Once the whole form is on its way only an answer can tell what became of the token. */
function transportFailure({ code, timings }: RequestError): TokenEndpointError {
  const mayBeSpent = timings?.upload !== undefined;
  const what = mayBeSpent ? 'did not answer' : 'could not be reached';
  return new TokenEndpointError('oauth_transport_failed', `The token endpoint ${what} (${code}).`, { mayBeSpent });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `Retry-After` in its seconds form; the date form is not used by the provider. */
function retryAfterMs(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1000 : null;
}
