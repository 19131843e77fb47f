/** What a failed token refresh means (spec/data-security.md 6.7, codex-wire 2.10), and the error its askers get. */
import { TightropeError } from '../platform/errors';
import { isLoginDead } from './account-health';

/**
 * Whom a failure is about: this login for good, our configuration, or the moment. `interrupted` = the refresh token may
 * be spent, so it is not presented again, but the access token still serves (see refresh-intent.ts).
 */
export type RefreshFailureKind = 'reauth_required' | 'deactivated' | 'interrupted' | 'configuration' | 'transient';

/** The facts of one failure. */
export interface RefreshFailure {
  readonly kind: RefreshFailureKind;
  readonly code: string;
  readonly message: string;
  /** The provider's HTTP status, `null` when none came. */
  readonly status: number | null;
  /** Whether the answer was lost on the way, so that the refresh token may be spent. */
  readonly mayBeSpent: boolean;
}

const LOGIN_IS_SPENT: readonly string[] = [
  'invalid_grant',
  'refresh_token_expired',
  'refresh_token_reused',
  'refresh_token_invalidated',
  'refresh_token_revoked',
  'token_expired',
  'token_invalidated',
  'token_revoked',
  'app_session_terminated',
];
const ACCOUNT_IS_CLOSED: readonly string[] = ['account_suspended', 'account_deleted', 'account_deactivated'];
const WE_ARE_WRONG: readonly string[] = [
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
];

/** A failure that the provider answered with, or one of our own if `status` is left out. */
export function refreshFailure(
  code: string,
  message: string,
  { status = null, mayBeSpent = false }: Partial<Pick<RefreshFailure, 'status' | 'mayBeSpent'>> = {},
): RefreshFailure {
  return { kind: kindOfFailure(code, status), code, message, status, mayBeSpent };
}

/**
 * Sorts a failure by its code. A 401 without a code we know is final as well: for a public client it can only be about
 * the refresh token. Everything else passes.
 */
export function kindOfFailure(code: string, status: number | null): RefreshFailureKind {
  const name = code.toLowerCase();
  if (ACCOUNT_IS_CLOSED.includes(name)) return 'deactivated';
  if (LOGIN_IS_SPENT.includes(name)) return 'reauth_required';
  if (WE_ARE_WRONG.includes(name)) return 'configuration';
  return status === 401 ? 'reauth_required' : 'transient';
}

/** Whether only a new login helps. */
export function isPermanent(kind: RefreshFailureKind): boolean {
  return isLoginDead(kind) || kind === 'interrupted';
}

/** Whether the provider or the way to it has failed, rather than this login: others would fail as well. */
export function isProviderAway({ kind, status }: RefreshFailure): boolean {
  return kind === 'transient' && (status === null || status === 429 || status >= 500);
}

/** `token_refresh_failed` with what a screen needs to say what helps (spec/admin-api.md G-36). */
export function refreshError(label: string, accountId: string, failure: RefreshFailure): TightropeError {
  return new TightropeError('token_refresh_failed', {
    message: `The login of ${label} could not be refreshed. ${failure.code}: ${failure.message}`,
    details: {
      accountId,
      upstreamStatus: failure.status,
      upstreamCode: failure.code,
      authRequired: isPermanent(failure.kind),
    },
  });
}
