/**
 * The provider's token endpoint, refresh grant (spec/data-security.md 6.6; codex-wire 2.10). Nothing of a request or an
 * answer is kept in an error: got's errors hold the whole request and with it the refresh token.
 */
import { Type, type Static } from '@sinclair/typebox';
import got, { RequestError, type Progress } from 'got';
import { compile } from '../contract/validate';
import type { ProxyAgents } from '../platform/proxy-agents';
import { messageOf } from '../platform/thrown';
import { readProviderError } from './provider-error';

/** What a successful refresh gives; `null` = the provider kept silent, the token held so far stays valid. */
export interface TokenGrant {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
}

/** What is known of a refresh that gave no tokens. */
export interface RefusalFacts {
  /** HTTP status, `null` when no answer came. @default null */
  readonly status?: number | null;
  /** How long the provider asks to be left alone, ms. @default null */
  readonly retryAfterMs?: number | null;
  /** Whether the provider may have spent the token all the same: its answer was lost on the way. @default false */
  readonly mayBeSpent?: boolean;
}

/** A refresh that gave no tokens. `message` is safe to show. */
export class TokenEndpointError extends Error {
  override readonly name = 'TokenEndpointError';
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly mayBeSpent: boolean;

  constructor(
    /** The provider's code, else `http_<status>`, `oauth_transport_failed`, `invalid_response`. */
    readonly code: string,
    message: string,
    { status = null, retryAfterMs = null, mayBeSpent = false }: RefusalFacts = {},
  ) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
    this.mayBeSpent = mayBeSpent;
  }
}

/** Exchanges refresh tokens. */
export interface TokenEndpoint {
  /**
   * Spends a refresh token.
   *
   * @throws TokenEndpointError in every case in which there are no new tokens.
   */
  refresh(refreshToken: string, signal: AbortSignal): Promise<TokenGrant>;
}

export interface TokenEndpointOptions {
  /** `config.oauth.baseUrl`, without a slash at its end. */
  readonly baseUrl: string;
  readonly clientId: string;
  /** For connecting and for the whole call, ms (`TIGHTROPE_OAUTH_TIMEOUT_SECONDS`). */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly agents: ProxyAgents;
}

/**
 * Statuses by which an edge says that it got no usable answer of the server behind it (RFC 9110 15.6.3 and 15.6.5; 520
 * and 524 are Cloudflare's): the server may have done its work. Any other status is the provider's word that it did not.
 */
const ANSWER_LOST_BEHIND_EDGE: readonly number[] = [502, 504, 520, 524];
/** Real answers have under 10 kB. */
const MAX_ANSWER_BYTES = 1_048_576;
const TOKEN = Type.String({ minLength: 1, maxLength: 16_384, pattern: '^[\\x21-\\x7e]+$' });
const OPTIONAL_TOKEN = Type.Optional(Type.Union([TOKEN, Type.Literal(''), Type.Null()]));

const Answer = Type.Object({ access_token: TOKEN, refresh_token: OPTIONAL_TOKEN, id_token: OPTIONAL_TOKEN });

/** What of an HTTP answer is looked at. */
interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Uint8Array;
}

/** Builds the client of one provider. It holds no sockets of its own: the agents' owner closes them. */
export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const checkAnswer = compile(Answer, 'token answer');
  return {
    async refresh(refreshToken, signal) {
      const response = await post(options, { grant_type: 'refresh_token', refresh_token: refreshToken }, signal);
      const body = parseJson(response.body);
      if (response.status < 200 || response.status > 299) throw refusal(response, body);
      return grantOf(checked(checkAnswer, body, response.status));
    },
  };
}

async function post(
  options: TokenEndpointOptions,
  form: Record<string, string>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const tooLarge = new AbortController();
  const request = got.post(`${options.baseUrl}/oauth/token`, {
    form: { ...form, client_id: options.clientId },
    // Uncompressed, so that the bound below is a bound of what ends up in memory.
    headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': options.userAgent },
    decompress: false,
    responseType: 'buffer',
    followRedirect: false,
    throwHttpErrors: false,
    // A refresh token is single-use: a second try of our own could spend it twice.
    retry: { limit: 0 },
    timeout: { connect: options.timeoutMs, request: options.timeoutMs },
    agent: options.agents,
    signal: AbortSignal.any([signal, tooLarge.signal]),
  });
  void request.on('downloadProgress', ({ transferred }: Progress) => {
    if (transferred > MAX_ANSWER_BYTES) tooLarge.abort();
  });
  try {
    const { statusCode, headers, body } = await request;
    return { status: statusCode, retryAfter: headers['retry-after'], body };
  } catch (error) {
    if (tooLarge.signal.aborted) {
      const message = `The token endpoint sent more than ${MAX_ANSWER_BYTES} bytes.`;
      throw new TokenEndpointError('invalid_response', message, { mayBeSpent: true });
    }
    if (!(error instanceof RequestError)) throw error;
    throw transportFailure(error);
  }
}

/** Once the whole form is on its way only an answer can tell what became of the token. */
function transportFailure({ code, timings }: RequestError): TokenEndpointError {
  const mayBeSpent = timings?.upload !== undefined;
  const what = mayBeSpent ? 'did not answer' : 'could not be reached';
  return new TokenEndpointError('oauth_transport_failed', `The token endpoint ${what} (${code}).`, { mayBeSpent });
}

function refusal({ status, retryAfter }: HttpAnswer, body: unknown): TokenEndpointError {
  const { code, message } = readProviderError(body, status);
  const mayBeSpent = ANSWER_LOST_BEHIND_EDGE.includes(status);
  return new TokenEndpointError(code, message, { status, retryAfterMs: retryAfterMs(retryAfter), mayBeSpent });
}

function checked(
  check: (value: unknown) => Static<typeof Answer>,
  body: unknown,
  status: number,
): Static<typeof Answer> {
  try {
    return check(body);
  } catch (error) {
    const message = `The token endpoint's answer is not usable. ${messageOf(error)}`;
    throw new TokenEndpointError('invalid_response', message, { status, mayBeSpent: true });
  }
}

function grantOf(answer: Static<typeof Answer>): TokenGrant {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token || null,
    idToken: answer.id_token || null,
  };
}

/** The JSON value of a body; `undefined` when it is none (an HTML error page of something in between). */
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
