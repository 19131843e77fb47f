/**
 * Who a login belongs to, read from its JSON web tokens. Signatures are not checked: the tokens come from the token
 * endpoint over TLS or from the operator's own file, and nothing but labels and grouping rests on the claims
 * (spec/data-security.md 4.5).
 */

/** `null` = the tokens do not say. */
export interface Identity {
  readonly email: string | null;
  /** Workspace; the upstream's `chatgpt-account-id`. */
  readonly chatgptAccountId: string | null;
  /** Person. One workspace has several, one person may have several workspaces (codex-wire 2.10). */
  readonly chatgptUserId: string | null;
  readonly planType: string | null;
}

/** Life of an access token, UTC ms; `null` = opaque or silent about it. */
export interface TokenLife {
  readonly issuedAtMs: number | null;
  readonly expiresAtMs: number | null;
}

type Claims = Readonly<Record<string, unknown>>;

const AUTH = 'https://api.openai.com/auth';
const PROFILE = 'https://api.openai.com/profile';
const NO_CLAIMS: Claims = Object.freeze({});
/** Real payloads have 1 to 3 kB. */
const MAX_PAYLOAD_CHARS = 65_536;
/** The longest legal e-mail address has 254 characters; ids have about 40. */
const MAX_VALUE_CHARS = 320;
// Control and format characters would end up in logs, labels and headers.
const PRINTABLE = /^[^\p{Cc}\p{Cf}]+$/u;
const HEADER_SAFE = /^[\x21-\x7e]+$/;

/**
 * Reads the identity in the order of spec 4.5: the id token before the access token, and of the user's names the ChatGPT
 * id of either token before a bare `sub`, so that the same person has the same id whichever token a file holds.
 */
export function readIdentity(tokens: {
  readonly idToken: string | null;
  readonly accessToken: string;
  readonly accountIdHint: string | null;
}): Identity {
  const both = [claimsOf(tokens.idToken), claimsOf(tokens.accessToken)];
  const firstOf = (read: (claims: Claims) => string | null): string | null => first(both.map(read));
  return {
    email: firstOf((claims) => text(claims['email']) ?? text(section(claims, PROFILE)['email'])),
    chatgptAccountId: headerSafe(
      tokens.accountIdHint ??
        firstOf((claims) => text(claims['chatgpt_account_id']) ?? text(section(claims, AUTH)['chatgpt_account_id'])),
    ),
    chatgptUserId:
      firstOf((claims) => text(section(claims, AUTH)['chatgpt_user_id']) ?? text(section(claims, AUTH)['user_id'])) ??
      firstOf((claims) => text(claims['sub'])),
    planType: firstOf(
      (claims) => text(claims['chatgpt_plan_type']) ?? text(section(claims, AUTH)['chatgpt_plan_type']),
    ),
  };
}

/** When an access token was issued and when it ends. */
export function readTokenLife(accessToken: string): TokenLife {
  const claims = claimsOf(accessToken);
  return { issuedAtMs: secondsToMs(claims['iat']), expiresAtMs: secondsToMs(claims['exp']) };
}

/** The payload of a JWT; a malformed or oversized one has no claims. */
function claimsOf(jwt: string | null): Claims {
  const payload = jwt?.split('.')[1];
  if (payload === undefined || payload.length > MAX_PAYLOAD_CHARS) return NO_CLAIMS;
  try {
    return asClaims(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    // Opaque tokens are legal: their owner is known from elsewhere or not at all.
    return NO_CLAIMS;
  }
}

function section(claims: Claims, name: string): Claims {
  return asClaims(claims[name]);
}

function asClaims(value: unknown): Claims {
  const isClaims = (candidate: unknown): candidate is Claims =>
    typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate);
  return isClaims(value) ? value : NO_CLAIMS;
}

function text(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const trimmed = value.trim();
  return trimmed.length <= MAX_VALUE_CHARS && PRINTABLE.test(trimmed) ? trimmed : null;
}

function headerSafe(value: string | null): string | null {
  return value !== null && HEADER_SAFE.test(value) ? value : null;
}

function first(values: readonly (string | null)[]): string | null {
  return values.find((value) => value !== null) ?? null;
}

function secondsToMs(value: unknown): number | null {
  if (typeof value !== 'number') return null;
  const ms = Math.trunc(value * 1000);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : null;
}
