/** What a failed token refresh means (spec/data-security.md 6.7, codex-wire 2.10), and the error its askers get. */
import { TightropeError } from '../platform/errors';
import { isLoginDead } from './account-health';

/** Whom a failure is about: this login for good, our configuration, or the moment. */
export type RefreshFailureKind = 'reauth_required' | 'deactivated' | 'configuration' | 'transient';

/** The facts of one failure. `status` is the provider's HTTP status, `null` when none came. */
export interface RefreshFailure {
  readonly code: string;
  readonly message: string;
  readonly status: number | null;
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

/**
 * Sorts a failure by its code. A 401 without a code we know is final as well: for a public client it can only be about
 * the refresh token. Everything else passes.
 */
export function kindOfFailure({ code, status }: Pick<RefreshFailure, 'code' | 'status'>): RefreshFailureKind {
  const name = code.toLowerCase();
  if (ACCOUNT_IS_CLOSED.includes(name)) return 'deactivated';
  if (LOGIN_IS_SPENT.includes(name)) return 'reauth_required';
  if (WE_ARE_WRONG.includes(name)) return 'configuration';
  return status === 401 ? 'reauth_required' : 'transient';
}

/** Whether no later attempt with this login can succeed. */
export function isPermanent(kind: RefreshFailureKind): boolean {
  return isLoginDead(kind);
}

/** `token_refresh_failed` with what a screen needs to say what helps (spec/admin-api.md G-36). */
export function refreshError(label: string, accountId: string, failure: RefreshFailure): TightropeError {
  return new TightropeError('token_refresh_failed', {
    message: `The login of ${label} could not be refreshed. ${failure.code}: ${failure.message}`,
    details: {
      accountId,
      upstreamStatus: failure.status,
      upstreamCode: failure.code,
      authRequired: isPermanent(kindOfFailure(failure)),
    },
  });
}
