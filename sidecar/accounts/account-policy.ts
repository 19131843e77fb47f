/** What people have set for one account: how routing is to treat it, and what it is called. Columns in, values out. */
import type { AccountMode } from '../contract/account';
import type { AccountRow } from './account-row';

/** As routing asks for it. */
export interface AccountPolicy {
  /** Everything goes to this account while it can serve. */
  readonly pinned: boolean;
  /** Used before all others, like all others, or only when no other can serve. */
  readonly preference: AccountMode;
  /** Used share of any window from which on it takes no new work, percent; `null` = no ceiling. */
  readonly maxUsedPercent: number | null;
  /** Turns in flight at most; `null` = no bound. */
  readonly maxConcurrent: number | null;
}

/** Of an account for which nobody has set anything. */
export const NEUTRAL_POLICY: AccountPolicy = Object.freeze({
  pinned: false,
  preference: 'normal',
  maxUsedPercent: null,
  maxConcurrent: null,
});

/** The columns behind a policy. */
export type PolicyColumns = Pick<AccountRow, 'routing_pinned' | 'routing_mode' | 'max_used_percent' | 'max_concurrent'>;

/** Reads a policy; `previous` again when it says the same, so that identity tells whether something changed. */
export function policyFrom(columns: PolicyColumns, previous: AccountPolicy = NEUTRAL_POLICY): AccountPolicy {
  const pinned = columns.routing_pinned === 1;
  const preference = modeFrom(columns.routing_mode);
  const { max_used_percent: maxUsedPercent, max_concurrent: maxConcurrent } = columns;
  const unchanged =
    previous.pinned === pinned &&
    previous.preference === preference &&
    previous.maxUsedPercent === maxUsedPercent &&
    previous.maxConcurrent === maxConcurrent;
  return unchanged ? previous : Object.freeze({ pinned, preference, maxUsedPercent, maxConcurrent });
}

/** The tags of the column's JSON; text that is no list of strings, written by some other hand, holds none. */
export function tagsFrom(stored: string): string[] {
  try {
    const value: unknown = JSON.parse(stored);
    return Array.isArray(value) ? value.filter((tag) => typeof tag === 'string') : [];
  } catch {
    return [];
  }
}

function modeFrom(stored: string): AccountMode {
  return stored === 'burn_first' || stored === 'preserve' ? stored : 'normal';
}
