/** Signing in to accounts (spec/admin-api.md 9; design §11 "OAuth"). */
import { call } from './request';

export type OAuthMethod = 'browser' | 'device';
export type OAuthPhase = 'idle' | 'waiting' | 'exchanging' | 'done' | 'failed' | 'expired' | 'cancelled';

export interface OAuthFlow {
  readonly flowId: string | null;
  readonly method: OAuthMethod | null;
  readonly phase: OAuthPhase;
  readonly active: boolean;
  readonly errorMessage: string | null;
  readonly expiresAtMs: number | null;
  readonly listenerProblem: string | null;
  readonly authorizationUrl: string | null;
  readonly verificationUrl: string | null;
  readonly userCode: string | null;
  readonly completedAccountId: string | null;
  readonly completedEmail: string | null;
}

/** `accountId` renews the login of that account. */
export function startSignIn(method: OAuthMethod, accountId: string | null): Promise<OAuthFlow> {
  const body = { forceMethod: method, ...(accountId === null ? {} : { accountId }) };
  return call('POST', '/api/oauth/start', { body, timeoutMs: 30_000 });
}

export function readSignIn(flowId: string, signal: AbortSignal): Promise<OAuthFlow> {
  return call('GET', '/api/oauth/status', { query: { flowId }, signal });
}

export function stopSignIn(flowId: string): Promise<OAuthFlow> {
  return call('POST', '/api/oauth/stop', { body: { flowId } });
}

export function pasteCallback(
  flowId: string,
  callbackUrl: string,
): Promise<{ readonly status: string; readonly errorMessage: string | null }> {
  return call('POST', '/api/oauth/manual-callback', { body: { flowId, callbackUrl }, timeoutMs: 30_000 });
}
