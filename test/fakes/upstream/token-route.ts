/** `POST /oauth/token` (codex-wire 2.10 OAuth): refresh and code grants, form or JSON, single-use refresh tokens. */
import { sendJson } from './answer';
import type { AccountState } from './account-state';
import type { Behaviour } from './behaviour';
import type { BrowserSignIn } from './browser-sign-in';
import type { DeviceFlow } from './device-flow';
import { asJsonObject, asText } from './json-value';
import type { TokenSet } from './login';
import type { RecordedRequest } from './recorder';

/** Codes after which a login is lost for good (codex-wire 2.10). */
export type PermanentRefusal =
  | 'invalid_grant'
  | 'refresh_token_expired'
  | 'refresh_token_reused'
  | 'refresh_token_invalidated'
  | 'token_expired'
  | 'app_session_terminated'
  | 'account_deactivated'
  | 'account_suspended'
  | 'account_deleted';

/** Who gives out authorization codes. */
export interface CodeIssuers {
  readonly device: DeviceFlow;
  readonly browser: BrowserSignIn;
}

/** Field of a token request, whichever way it was encoded. */
export function grantField(request: RecordedRequest, field: string): string | undefined {
  if (request.json !== undefined) return asText(asJsonObject(request.json)[field]);
  return new URLSearchParams(request.decodedBody.toString('utf8')).get(field) ?? undefined;
}

/** Refuses a refresh for good; OAuth's own code comes as plain text, the others as an object. */
export function refreshRefused(code: PermanentRefusal): Behaviour {
  return ({ response }) => {
    if (code === 'invalid_grant') return sendJson(response, 400, { error: code, error_description: 'Invalid grant.' });
    const message = `Your refresh token was refused (${code}). Please sign in again.`;
    sendJson(response, 401, { error: { message, type: 'invalid_request_error', param: null, code } });
  };
}

function sendTokens(response: Parameters<Behaviour>[0]['response'], tokens: TokenSet, ttlSeconds: number): void {
  sendJson(response, 200, {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    id_token: tokens.idToken,
    token_type: 'Bearer',
    expires_in: ttlSeconds,
    scope: 'openid profile email offline_access',
  });
}

/** The account that this token request is about; `undefined` when nobody's. */
export function accountOfGrant(
  request: RecordedRequest,
  accounts: readonly AccountState[],
  { device, browser }: CodeIssuers,
): AccountState | undefined {
  const refreshToken = grantField(request, 'refresh_token');
  if (refreshToken !== undefined) return accounts.find((account) => account.login.knowsRefreshToken(refreshToken));
  const code = grantField(request, 'code') ?? '';
  return device.ownerOfCode(code) ?? browser.ownerOfCode(code);
}

/** The unscripted token answer. */
export function standardToken({ device, browser }: CodeIssuers): Behaviour {
  return (exchange) => {
    const { request, response, account } = exchange;
    const ttl = account.login.accessTokenTtlSeconds;
    if (grantField(request, 'grant_type') === 'refresh_token') {
      const outcome = account.login.refresh(grantField(request, 'refresh_token') ?? '');
      if (outcome.kind === 'refused') return refreshRefused(outcome.code)(exchange);
      return sendTokens(response, outcome.tokens, ttl);
    }
    const code = grantField(request, 'code') ?? '';
    const verifier = grantField(request, 'code_verifier');
    const spent =
      device.spendCode(code, verifier) || browser.spendCode(code, verifier, grantField(request, 'redirect_uri'));
    if (!spent) return refreshRefused('invalid_grant')(exchange);
    sendTokens(response, account.login.signInAgain(), ttl);
  };
}
