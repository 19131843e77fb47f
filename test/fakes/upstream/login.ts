/** The tokens of one account: what was issued, what still counts, and what a refresh does to them (codex-wire 2.10 OAuth). */
import { randomBytes, randomUUID } from 'node:crypto';
import { mintJwt } from './jwt';

/** Why a presented access token does not count although it was issued (codex-wire 2.10, 2.11.4). */
export type AccessRejection = 'token_invalidated' | 'token_revoked' | 'token_expired';

/** Claims that identify the login; `plan` may change between refreshes. */
export interface Identity {
  readonly email: string;
  readonly chatgptAccountId: string;
  readonly chatgptUserId: string;
  plan: string;
}

export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

export type RefreshOutcome =
  | { readonly kind: 'rotated'; readonly tokens: TokenSet }
  | { readonly kind: 'refused'; readonly code: 'refresh_token_reused' | 'refresh_token_invalidated' };

interface IssuedAccess {
  readonly expiresAtMs: number;
  rejection: AccessRejection | null;
}

const AUTH_CLAIM = 'https://api.openai.com/auth';
const PROFILE_CLAIM = 'https://api.openai.com/profile';
const CLIENT_ID = 'app_EMoamEEZ73f0CkXaXp7hrann';

/** Single-use refresh tokens; presenting a spent one kills the whole login, as the real endpoint does. */
export class Login {
  /** Newest set: what a fresh `auth.json` would hold. */
  current: TokenSet;
  /** Lifetime of access tokens issued from now on, in seconds; negative = born expired. */
  accessTokenTtlSeconds: number;
  /** How often a spent refresh token came back. */
  reuses = 0;
  /** Completed rotations. */
  rotations = 0;
  private readonly access = new Map<string, IssuedAccess>();
  private readonly spent = new Set<string>();
  private readonly secrets = new Set<string>();
  private dead = false;

  constructor(
    readonly identity: Identity,
    accessTokenTtlSeconds: number,
  ) {
    this.accessTokenTtlSeconds = accessTokenTtlSeconds;
    this.current = this.issue();
  }

  /** Every token ever issued: none of them may show up in a log. */
  issuedSecrets(): readonly string[] {
    return [...this.secrets];
  }

  /** Whether a refresh token was ever this login's. */
  knowsRefreshToken(token: string): boolean {
    return token === this.current.refreshToken || this.spent.has(token);
  }

  knowsAccessToken(token: string): boolean {
    return this.access.has(token);
  }

  /** `null` = accepted; otherwise the reason for a 401. */
  accessProblem(token: string, nowMs: number): AccessRejection | null {
    const issued = this.access.get(token);
    if (issued === undefined) return 'token_invalidated';
    if (issued.rejection !== null) return issued.rejection;
    return issued.expiresAtMs <= nowMs ? 'token_expired' : null;
  }

  /** Kills the access tokens issued so far although their `exp` lies ahead; a refreshed one works again. */
  rejectAccessTokens(rejection: AccessRejection = 'token_invalidated'): void {
    for (const issued of this.access.values()) issued.rejection = rejection;
  }

  /** Replaces the current set without spending the refresh token: a new sign-in on another machine. */
  signInAgain(): TokenSet {
    this.dead = false;
    this.current = this.issue();
    return this.current;
  }

  /** Spends a refresh token. */
  refresh(refreshToken: string): RefreshOutcome {
    if (this.spent.has(refreshToken)) {
      this.reuses += 1;
      this.dead = true;
      return { kind: 'refused', code: 'refresh_token_reused' };
    }
    if (this.dead || refreshToken !== this.current.refreshToken) {
      return { kind: 'refused', code: 'refresh_token_invalidated' };
    }
    this.spent.add(refreshToken);
    this.rotations += 1;
    this.current = this.issue();
    return { kind: 'rotated', tokens: this.current };
  }

  private issue(): TokenSet {
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + this.accessTokenTtlSeconds;
    const { email, chatgptAccountId, chatgptUserId, plan } = this.identity;
    const auth = {
      chatgpt_account_id: chatgptAccountId,
      chatgpt_user_id: chatgptUserId,
      user_id: chatgptUserId,
      chatgpt_plan_type: plan,
    };
    const common = { iss: 'https://auth.openai.com', sub: chatgptUserId, iat: issuedAt, exp: expiresAt };
    const tokens = {
      accessToken: mintJwt({
        ...common,
        jti: randomUUID(),
        aud: ['https://api.openai.com/v1'],
        client_id: CLIENT_ID,
        [AUTH_CLAIM]: auth,
        [PROFILE_CLAIM]: { email, email_verified: true },
      }),
      refreshToken: `rt_${randomBytes(32).toString('base64url')}`,
      idToken: mintJwt({
        ...common,
        jti: randomUUID(),
        aud: [CLIENT_ID],
        email,
        [AUTH_CLAIM]: { ...auth, organizations: [] },
      }),
    };
    this.access.set(tokens.accessToken, { expiresAtMs: expiresAt * 1000, rejection: null });
    for (const secret of Object.values(tokens)) this.secrets.add(secret);
    return tokens;
  }
}
