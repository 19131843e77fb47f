/** Which paths below `/api` ask for less than a signed-in administrator (spec/admin-api.md 2.9). */

/**
 * `clients`: callers bring bearers of their own, API keys and ChatGPT tokens, and no session; `everyone`: sign-in itself;
 * `unlocking`: no session either while the logins are locked, but this machine; `admins`: all the rest.
 */
export type PathAccess = 'clients' | 'everyone' | 'unlocking' | 'admins';

const CLIENTS = ['/models', '/codex/usage'];
const UNLOCKING = ['/database/status', '/database/unlock'];
const EVERYONE = [
  '/app/meta',
  '/dashboard-auth/session',
  '/dashboard-auth/password/setup',
  '/dashboard-auth/password/login',
  '/dashboard-auth/totp/verify',
  '/dashboard-auth/logout',
];
/** Changes of nothing but the caller's own session, and questions that are asked by POST. */
const READERS = [...EVERYONE, '/database/unlock', '/routing/preview', '/client-errors'];
/** What answers while the logins are locked, besides signing in. */
const WITHOUT_LOGINS =
  /^\/(?:database|dashboard-auth|settings\/database|app\/meta|runtime\/shutdown|client-errors)(?:\/|$)/;

/** @param path below `/api`; case and trailing slashes do not matter, as in the routers. */
export function accessOf(path: string): PathAccess {
  const plain = plainPath(path);
  if (CLIENTS.includes(plain)) return 'clients';
  if (UNLOCKING.includes(plain)) return 'unlocking';
  return EVERYONE.includes(plain) ? 'everyone' : 'admins';
}

/** Whether a reader may send a change there. */
export function readersMay(path: string): boolean {
  return READERS.includes(plainPath(path));
}

/** Whether the path answers while the stored logins are locked. */
export function answersWhileLocked(path: string): boolean {
  return WITHOUT_LOGINS.test(plainPath(path));
}

function plainPath(path: string): string {
  return path.toLowerCase().replace(/\/+$/, '');
}
