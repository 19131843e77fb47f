/** Why an account is as it is, and what a person can do about it (design §10 `reason`, `nextStep`). Pure. */
import type { AccountStatus } from '../contract/account';
import { isInDoubt } from './refresh-intent';
import type { RosterEntry } from './roster';

type Shown = Pick<RosterEntry, 'facts' | 'tokens'>;

const SIGN_IN = 'Sign in again, or import a fresh auth.json of this account';

/** Why the account is in this status; `null` when it serves. */
export function reasonOf({ facts, tokens }: Shown, status: AccountStatus): string | null {
  if (status === 'active') return tokens === null ? 'No login is stored.' : null;
  return facts.status_reason ?? (status === 'paused' ? 'Paused by hand.' : null);
}

/** What helps; `null` only when the account serves and will go on to. */
export function nextStepOf(account: Shown, status: AccountStatus): string | null {
  const { facts } = account;
  switch (status) {
    case 'active':
      return stepOfServing(account);
    case 'paused':
      return facts.token_refresh_needs_attention === 1
        ? `${SIGN_IN}, then reactivate it.`
        : 'Reactivate the account to use it again.';
    case 'rate_limited':
      return `Nothing to do: it comes back by itself${at(facts.blocked_until_ms)}.`;
    case 'quota_blocked':
      return `Nothing to do: it comes back by itself${at(facts.blocked_until_ms)}; credits bought at the provider end it sooner.`;
    case 'reauth_required':
      return `${SIGN_IN}.`;
    case 'deactivated':
      return 'Clear it up with the provider, then sign in again; or remove the account.';
  }
}

/** A login that cannot be refreshed any more serves until its access token ends: that is the time to act. */
function stepOfServing(account: Shown): string | null {
  const { facts, tokens } = account;
  if (tokens === null) return 'Import an auth.json of this account: no login is stored.';
  if (tokens.refreshToken !== null && !isInDoubt(account)) return null;
  const endsAtMs = facts.access_token_expires_at_ms;
  return `${SIGN_IN}${endsAtMs === null ? '' : ` before ${new Date(endsAtMs).toISOString()}`}: this one cannot be refreshed.`;
}

function at(untilMs: number | null): string {
  return untilMs === null ? '' : ` at ${new Date(untilMs).toISOString()}`;
}
