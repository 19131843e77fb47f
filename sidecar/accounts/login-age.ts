/**
 * Which of two logins of one account is the newer one. Refresh tokens are single-use, so putting an older login over a
 * newer one would throw away the only one that still works (design §11).
 */

/** What a login tells of its age, UTC ms; `null` = silent. */
export interface LoginAge {
  /** `iat` and `exp` of the access token, by the provider's clock. */
  readonly issuedAtMs: number | null;
  readonly expiresAtMs: number | null;
  /** By the clock of whoever refreshed it. */
  readonly lastRefreshAtMs: number | null;
}

/** Token times that differ by less than this do not settle the question by themselves. */
const CLEAR_DIFFERENCE_MS = 60_000;

/**
 * Whether `incoming` is older than `stored`. A clear difference of the tokens' own times decides, since one clock wrote
 * both; then the time of the last refresh; then any difference. Logins that say nothing are not older.
 */
export function isOlderLogin(incoming: LoginAge, stored: LoginAge): boolean {
  const byToken =
    difference(incoming.issuedAtMs, stored.issuedAtMs) || difference(incoming.expiresAtMs, stored.expiresAtMs);
  if (Math.abs(byToken) >= CLEAR_DIFFERENCE_MS) return byToken < 0;
  const byRefresh = difference(incoming.lastRefreshAtMs, stored.lastRefreshAtMs);
  return (byRefresh === 0 ? byToken : byRefresh) < 0;
}

function difference(incoming: number | null, stored: number | null): number {
  return incoming === null || stored === null ? 0 : incoming - stored;
}
