/**
 * The authorization code grant with PKCE of openid-client (spec/data-security.md 6.2, 6.8; codex-wire 2.10). The issuer is
 * built from the configured base address: nothing is discovered, so no answer can name another place to call.
 */
import * as oidc from 'openid-client';
import { messageOf } from '../platform/thrown';
import { callProvider, isSuccess, refusal, type ProviderAddress } from './provider-call';
import { readTokenGrant, type TokenGrant } from './token-endpoint';
import { TokenEndpointError } from './token-endpoint-error';

/** `config.oauth` with how to call. */
export interface SignInProvider extends ProviderAddress {
  /** Words separated by spaces. */
  readonly scope: string;
  readonly originator: string;
}

/** What a browser is sent away with. State and verifier never leave the process but in the address itself. */
export interface BrowserErrand {
  readonly authorizationUrl: string;
  readonly state: string;
  readonly verifier: string;
}

/** A code that came back. */
export interface ReturnedCode {
  readonly code: string;
  readonly verifier: string;
  /** The very address the code was issued for. */
  readonly redirectUri: string;
}

/** Tokens of a sign-in: the provider gives all three, or the sign-in has failed (spec 6.6). */
export interface SignedInTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

/** Builds the address a browser is sent to, in the parameters of spec 6.2. */
export async function prepareErrand(provider: SignInProvider, redirectUri: string): Promise<BrowserErrand> {
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const address = oidc.buildAuthorizationUrl(configure(provider), {
    redirect_uri: redirectUri,
    scope: provider.scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    id_token_add_organizations: 'true',
    codex_cli_simplified_flow: 'true',
    originator: provider.originator,
  });
  // Form encoding writes a space as `+`, which is right for the library but not what the provider documents.
  return { authorizationUrl: address.href.replaceAll('+', '%20'), state, verifier };
}

/** @throws TokenEndpointError in every case in which there are no tokens */
export async function exchangeCode(
  provider: SignInProvider,
  { code, verifier, redirectUri }: ReturnedCode,
  signal: AbortSignal,
): Promise<SignedInTokens> {
  const config = configure(provider);
  let grant: TokenGrant | null = null;
  config[oidc.customFetch] = async (_url, { body }) => {
    if (!(body instanceof URLSearchParams)) throw new Error('the token request has no form');
    const answer = await callProvider(provider, '/oauth/token', { form: Object.fromEntries(body) }, signal);
    if (!isSuccess(answer)) throw refusal(answer);
    grant = readTokenGrant(answer.body, answer.status);
    // The id token stays with us: it is read for labels only (spec 4.5), and the library would hold its issuer and
    // algorithm against an address that an operator may have overridden.
    return Response.json({ access_token: grant.accessToken, token_type: 'bearer' });
  };
  const returned = new URL(redirectUri);
  returned.search = new URLSearchParams({ code }).toString();
  try {
    await oidc.authorizationCodeGrant(config, returned, { pkceCodeVerifier: verifier });
  } catch (error) {
    throw ownError(error);
  }
  return complete(grant);
}

/** @throws TokenEndpointError `invalid_response` unless all three tokens are there */
export function complete(grant: TokenGrant | null): SignedInTokens {
  if (grant === null || grant.refreshToken === null || grant.idToken === null) {
    const message = 'The provider signed the person in but gave no refresh token or no id token.';
    throw new TokenEndpointError('invalid_response', message);
  }
  return { accessToken: grant.accessToken, refreshToken: grant.refreshToken, idToken: grant.idToken };
}

function configure({ baseUrl, clientId }: SignInProvider): oidc.Configuration {
  const server = {
    issuer: baseUrl,
    authorization_endpoint: `${baseUrl}/oauth/authorize`,
    token_endpoint: `${baseUrl}/oauth/token`,
  };
  const config = new oidc.Configuration(server, clientId, undefined, oidc.None());
  if (baseUrl.startsWith('http:')) oidc.allowInsecureRequests(config);
  return config;
}

/** The library wraps what its fetch throws. */
function ownError(error: unknown): TokenEndpointError {
  for (let found = error; found instanceof Error; found = found.cause) {
    if (found instanceof TokenEndpointError) return found;
  }
  return new TokenEndpointError('invalid_response', `The sign-in could not be completed (${messageOf(error)}).`);
}
