/** Logins as the provider gives them out: unsigned, but well-formed. */

/** Claims of a token, as far as tests set them. Times in seconds. */
export interface LoginClaims {
  readonly email?: string;
  readonly accountId?: string;
  readonly userId?: string;
  readonly planType?: string;
  readonly issuedAt?: number;
  readonly expiresAt?: number;
  /** Makes the tokens differ from those of another login with the same claims. */
  readonly serial?: string | number;
}

/** A JSON web token without a signature that anybody would check. */
export function jwt(payload: Record<string, unknown>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(payload)}.${part('signature')}`;
}

/** An access token as upstream issues it: claims under the two URLs. */
export function accessToken({ email, accountId, userId, planType, issuedAt, expiresAt, serial }: LoginClaims): string {
  return jwt({
    iat: issuedAt,
    exp: expiresAt,
    jti: serial,
    'https://api.openai.com/profile': { email },
    'https://api.openai.com/auth': {
      chatgpt_account_id: accountId,
      chatgpt_user_id: userId,
      chatgpt_plan_type: planType,
    },
  });
}

/** An id token: the e-mail at its top level. */
export function idToken({ email, accountId, userId, planType }: LoginClaims): string {
  const auth = { chatgpt_account_id: accountId, chatgpt_user_id: userId, chatgpt_plan_type: planType };
  return jwt({ email, 'https://api.openai.com/auth': auth });
}

/** A whole `auth.json` of the Codex CLI. */
export function authJson(claims: LoginClaims, extra: { refreshToken?: string; lastRefresh?: string } = {}) {
  return {
    OPENAI_API_KEY: null,
    auth_mode: 'chatgpt',
    tokens: {
      id_token: idToken(claims),
      access_token: accessToken(claims),
      refresh_token: extra.refreshToken ?? `rt-${claims.userId ?? claims.email ?? 'x'}-${claims.serial ?? 0}`,
      account_id: claims.accountId ?? null,
    },
    ...(extra.lastRefresh === undefined ? {} : { last_refresh: extra.lastRefresh }),
  };
}
