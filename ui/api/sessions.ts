/** Sticky sessions: which account serves which conversation (spec/admin-api.md 7.3, 7.4). */
import { call } from './request';

export type SessionKind = 'codex_session' | 'sticky_thread' | 'prompt_cache';

export interface Session {
  readonly sessionKey: string;
  readonly kind: SessionKind;
  /** `null` = released: the next request picks an account. */
  readonly accountId: string | null;
  readonly apiKeyId: string | null;
  /** Tokens that its last request read from the upstream's cache: what a move throws away. */
  readonly cachedTokens: number | null;
  readonly updatedAtMs: number;
  readonly expiresAtMs: number;
}

export interface SessionPage {
  readonly generatedAtMs: number;
  readonly total: number;
  readonly sessions: readonly Session[];
}

/** The most that one answer holds. */
const LIMIT = 2000;

export function listSessions(signal: AbortSignal): Promise<SessionPage> {
  return call('GET', '/api/sessions', { query: { limit: LIMIT }, signal });
}

function path({ sessionKey }: Session, rest = ''): string {
  return `/api/sessions/${encodeURIComponent(sessionKey)}${rest}`;
}

export function deleteSession(session: Session): Promise<unknown> {
  return call('DELETE', path(session), { query: { kind: session.kind } });
}

export function releaseSession(session: Session): Promise<unknown> {
  return call('POST', path(session, '/release'), { query: { kind: session.kind } });
}

export function moveSession(session: Session, accountId: string): Promise<unknown> {
  return call('POST', path(session, '/move'), { query: { kind: session.kind }, body: { accountId } });
}

export function purgeSessions(): Promise<{ readonly removed: number }> {
  return call('POST', '/api/sessions/purge', { body: { scope: 'stale' } });
}
