/** The cookie that holds a dashboard session (spec/admin-api.md 10.3; design §11 "Dashboard session"). */
import { headerValues } from '../platform/peer-address';

const NAME = 'tightrope_dashboard_session';
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict';

/** `Set-Cookie` that keeps the session for `maxAgeMs`. `Secure` is left out on plain http, where it would lose the cookie. */
export function sessionCookie(secret: string, maxAgeMs: number, secure: boolean): string {
  return `${NAME}=${secret}; ${ATTRIBUTES}; Max-Age=${Math.max(0, Math.floor(maxAgeMs / 1000))}${secure ? '; Secure' : ''}`;
}

export function clearedCookie(): string {
  return `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;
}

/** The session's secret among the cookies of a request; `null` when there is none, or more than one. */
export function sessionSecretOf(rawHeaders: readonly string[]): string | null {
  const found = headerValues(rawHeaders, 'cookie')
    .flatMap((value) => value.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`))
    .map((pair) => pair.slice(NAME.length + 1));
  return found.length === 1 ? (found[0] ?? null) : null;
}
