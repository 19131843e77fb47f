/** What a status means and how it changes. Pure: an account's columns and the clock in, columns out. */
import type { AccountStatus } from '../contract/account';
import type { AccountRow } from './account-row';

/** What a failed attempt means for the account. */
export interface AccountVerdict {
  readonly kind: 'limited' | 'quota_blocked' | 'reauth_required' | 'deactivated';
  readonly code: string;
  readonly message: string;
  /** UTC ms of the upstream's own reset, `null` when it named none. */
  readonly untilMs: number | null;
  /** `loginEpoch` of the snapshot the attempt was made with; left out = the present one. */
  readonly loginEpoch?: number;
}

/** The columns this file decides about. */
export type HealthColumns = Pick<AccountRow, 'status' | 'status_reason' | 'blocked_until_ms'>;

/** A login that turned out to work takes its account out of a state that only a new login ends. */
export const REVIVED = {
  status: 'active',
  status_reason: null,
  blocked_until_ms: null,
} as const satisfies HealthColumns;

/** A limit without a reset time: 60 s, doubled with each one that follows closely, at most 5 min. */
const LIMITED_MS = 60_000;
const LIMITED_MOST_MS = 300_000;
/** An exhausted quota without a reset time. */
const QUOTA_MS = 900_000;
/** A limit that comes later than this after the last one ended starts again at the shortest pause. */
const FORGIVEN_AFTER_MS = 600_000;
/** Turns that fail together compute ends of the same limit that differ by less than this. */
const SAME_LIMIT_MS = 30_000;
/** The longest window upstream has is a month; a reset time beyond it is a mistake. */
const LONGEST_BLOCK_MS = 32 * 86_400_000;
const MAX_REASON_CHARS = 300;

const STATUSES: readonly string[] = [
  'active',
  'paused',
  'rate_limited',
  'quota_blocked',
  'reauth_required',
  'deactivated',
] satisfies AccountStatus[];

/** The status at an instant: a limit whose time has passed reads as `active` without anything being written. */
export function statusAt(columns: Pick<HealthColumns, 'status' | 'blocked_until_ms'>, nowMs: number): AccountStatus {
  const status = knownStatus(columns.status);
  return isLimit(status) && !isLimitedNow(columns, nowMs) ? 'active' : status;
}

/** Whether a status passes by itself. */
function isLimit(status: string): boolean {
  return status === 'rate_limited' || status === 'quota_blocked';
}

/** Whether an account is out of rotation at an instant because of a limit. */
export function isLimitedNow(columns: Pick<HealthColumns, 'status' | 'blocked_until_ms'>, nowMs: number): boolean {
  return isLimit(columns.status) && (columns.blocked_until_ms ?? 0) > nowMs;
}

/** Whether the login itself is dead: only a new login or a person's word brings such an account back. */
export function isLoginDead(status: string): boolean {
  return status === 'reauth_required' || status === 'deactivated';
}

/**
 * What a verdict makes of an account.
 *
 * @param strikes limits in close succession before this one (see `nextStrikes`).
 * @returns the new columns, or `null` when nothing changes: a person's pause and a dead login outrank a limit, and a
 *   limit that ends no later than the present one says nothing new.
 */
export function afterVerdict(
  columns: HealthColumns,
  verdict: AccountVerdict,
  strikes: number,
  nowMs: number,
): HealthColumns | null {
  if (columns.status === 'paused' || columns.status === 'deactivated') return null;
  const status_reason = reasonText(verdict.code, verdict.message);
  if (isLoginDead(verdict.kind)) {
    if (columns.status === verdict.kind) return null;
    return { status: verdict.kind, status_reason, blocked_until_ms: null };
  }
  if (isLoginDead(columns.status)) return null;
  const status = verdict.kind === 'limited' ? 'rate_limited' : 'quota_blocked';
  const untilMs = blockedUntil(verdict, strikes, nowMs);
  if (isLimitedNow(columns, nowMs)) {
    const gainMs = untilMs - (columns.blocked_until_ms ?? 0);
    if (gainMs <= (columns.status === status ? SAME_LIMIT_MS : 0)) return null;
  }
  return { status, status_reason, blocked_until_ms: untilMs };
}

/** How many limits in close succession there are once one more begins now; several of one moment count once. */
export function nextStrikes(columns: HealthColumns, strikes: number, nowMs: number): number {
  const lastEndedMs = columns.blocked_until_ms;
  if (lastEndedMs === null || nowMs - lastEndedMs > FORGIVEN_AFTER_MS) return 1;
  return lastEndedMs > nowMs ? strikes : strikes + 1;
}

/** `code: message`, bounded: both come from upstream. */
export function reasonText(code: string, message: string): string {
  const text = message === '' || message === code ? code : `${code}: ${message}`;
  return text.replace(/\s+/g, ' ').slice(0, MAX_REASON_CHARS);
}

function blockedUntil(verdict: AccountVerdict, strikes: number, nowMs: number): number {
  if (verdict.untilMs !== null && verdict.untilMs > nowMs) return Math.min(verdict.untilMs, nowMs + LONGEST_BLOCK_MS);
  if (verdict.kind === 'quota_blocked') return nowMs + QUOTA_MS;
  return nowMs + Math.min(LIMITED_MS * 2 ** Math.max(0, strikes - 1), LIMITED_MOST_MS);
}

/** Text from the table; a word of some other version is read as the status that only a person's word ends. */
function knownStatus(stored: string): AccountStatus {
  const isKnown = (status: string): status is AccountStatus => STATUSES.includes(status);
  return isKnown(stored) ? stored : 'paused';
}
