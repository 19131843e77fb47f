/** The provider's token endpoint, refresh grant (spec/data-security.md 6.6; codex-wire 2.10). */
import { Type, type Static } from '@sinclair/typebox';
import { compile } from '../contract/validate';
import { messageOf } from '../platform/thrown';
import { callProvider, isSuccess, refusal, type ProviderAddress } from './provider-call';
import { TokenEndpointError } from './token-endpoint-error';

/** What a successful refresh gives; `null` = the provider kept silent, the token held so far stays valid. */
export interface TokenGrant {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
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

const TOKEN = Type.String({ minLength: 1, maxLength: 16_384, pattern: '^[\\x21-\\x7e]+$' });
const OPTIONAL_TOKEN = Type.Optional(Type.Union([TOKEN, Type.Literal(''), Type.Null()]));

const Answer = Type.Object({ access_token: TOKEN, refresh_token: OPTIONAL_TOKEN, id_token: OPTIONAL_TOKEN });

/** Builds the client of one provider. It holds no sockets of its own: the agents' owner closes them. */
export function createTokenEndpoint(provider: ProviderAddress): TokenEndpoint {
  return {
    async refresh(refreshToken, signal) {
      const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: provider.clientId };
      const answer = await callProvider(provider, '/oauth/token', { form }, signal);
      if (!isSuccess(answer)) throw refusal(answer);
      return readTokenGrant(answer.body, answer.status);
    },
  };
}

const checkAnswer = compile(Answer, 'token answer');

/** @throws TokenEndpointError `invalid_response` when the body is no answer with an access token */
export function readTokenGrant(body: unknown, status: number): TokenGrant {
  let answer: Static<typeof Answer>;
  try {
    answer = checkAnswer(body);
  } catch (error) {
    const message = `The token endpoint's answer is not usable. ${messageOf(error)}`;
    throw new TokenEndpointError('invalid_response', message, { status, mayBeSpent: true });
  }
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token || null,
    idToken: answer.id_token || null,
  };
}
