/** Who may use this page (spec/admin-api.md 10.3), and the lock over the stored logins (11.3). */
import { call } from './request';

export interface SigninSession {
  readonly authenticated: boolean;
  readonly passwordRequired: boolean;
  readonly totpRequiredOnLogin: boolean;
  readonly bootstrapRequired: boolean;
}

export function readSession(signal: AbortSignal): Promise<SigninSession> {
  return call('GET', '/api/dashboard-auth/session', { signal });
}

export function signIn(password: string): Promise<SigninSession> {
  return call('POST', '/api/dashboard-auth/password/login', { body: { password } });
}

export function verifyCode(code: string): Promise<SigninSession> {
  return call('POST', '/api/dashboard-auth/totp/verify', { body: { code } });
}

export function setPassword(password: string, bootstrapToken: string): Promise<SigninSession> {
  return call('POST', '/api/dashboard-auth/password/setup', { body: { password, bootstrapToken } });
}

export function unlock(passphrase: string): Promise<unknown> {
  return call('POST', '/api/database/unlock', { body: { passphrase }, timeoutMs: 30_000 });
}
