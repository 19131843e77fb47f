/** Names and states of accounts for people: one rule for every surface (spec/ui.md 19.2 #7, #8). */
import type { Account, AccountStatus } from '../../sidecar/contract/account';
import { nextResetMs, tightestRemaining } from './quota';

/** Alias, else e-mail; with hidden e-mails a number that stays the same as long as the pool does. */
export function accountLabel(account: Account, all: readonly Account[], hideEmails: boolean): string {
  if (account.alias !== null) return account.alias;
  return hideEmails ? `Account ${place(account, all)}` : account.email;
}

/** By age, so that a new account does not rename the others. */
function place(account: Account, all: readonly Account[]): number {
  const older = all.filter(
    (other) =>
      other.createdAtMs < account.createdAtMs ||
      (other.createdAtMs === account.createdAtMs && other.accountId < account.accountId),
  );
  return older.length + 1;
}

export type StatusTone = 'ok' | 'warn' | 'danger' | 'limited' | 'blocked' | 'off';

export const STATUS_TONES: Readonly<Record<AccountStatus, StatusTone>> = {
  active: 'ok',
  paused: 'off',
  rate_limited: 'limited',
  quota_blocked: 'blocked',
  reauth_required: 'danger',
  deactivated: 'danger',
};

/** Whether a person has to do something about it. */
export function needsAttention(account: Account): boolean {
  return account.status === 'reauth_required' || account.status === 'deactivated' || account.tokenRefreshNeedsAttention;
}

export type AccountOrder = 'reset' | 'most' | 'least' | 'name' | 'plan' | 'requests';

type Compare = (one: Account, other: Account) => number;

const last = Number.POSITIVE_INFINITY;

const COMPARE: Readonly<Record<AccountOrder, Compare>> = {
  reset: (one, other) => (nextResetMs(one) ?? last) - (nextResetMs(other) ?? last),
  most: (one, other) => (tightestRemaining(other) ?? -1) - (tightestRemaining(one) ?? -1),
  least: (one, other) => (tightestRemaining(one) ?? last) - (tightestRemaining(other) ?? last),
  name: (one, other) => (one.alias ?? one.email).localeCompare(other.alias ?? other.email),
  plan: (one, other) => planRank(other.planType) - planRank(one.planType),
  requests: (one, other) => (other.requests24h ?? -1) - (one.requests24h ?? -1),
};

const PLAN_RANKS = ['free', 'go', 'plus', 'pro', 'team', 'business', 'edu', 'enterprise'];

function planRank(plan: string | null): number {
  return plan === null ? -1 : PLAN_RANKS.findIndex((known) => plan.toLowerCase().includes(known));
}

/** Sorted copy; ties by name. `Infinity − Infinity` (both unknown) counts as a tie. */
export function orderAccounts(accounts: readonly Account[], order: AccountOrder): readonly Account[] {
  const compare = COMPARE[order];
  return [...accounts].sort((one, other) => compare(one, other) || COMPARE.name(one, other));
}

/** Whether a search text means this account: alias, e-mail, id, plan or tag, in any case. */
export function matchesAccount(account: Account, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const { alias, email, accountId, chatgptAccountId, planType, tags } = account;
  return [alias, email, accountId, chatgptAccountId, planType, ...tags].some(
    (text) => text?.toLowerCase().includes(wanted) ?? false,
  );
}
