/** Says once when an account crosses 75, 90, 95 or 100 % of a window (spec/ui.md 5.7). */
import { effect } from '@preact/signals';
import type { Account } from '../../sidecar/contract/account';
import { quotaWindows } from '../format/quota';
import { noticeText } from '../strings';
import { accounts, labelOf } from './accounts';
import { notify } from './notices';

const MILESTONES = [100, 95, 90, 75] as const;
/** From here on the message is an error. */
const ERROR_FROM = 95;
/** A window that fell to this is a new one, percent used. */
const REARM_AT = 50;

export interface Crossing {
  readonly accountId: string;
  readonly window: string;
  readonly percent: number;
}

/** Highest milestone told so far, by account and window. */
export type Told = ReadonlyMap<string, number>;

/** What was crossed since the last look. The first look (`told` = null) only takes note. */
export function crossings(
  list: readonly Account[],
  told: Told | null,
): { readonly told: Told; readonly crossed: readonly Crossing[] } {
  const next = new Map<string, number>();
  const crossed: Crossing[] = [];
  for (const account of list) {
    for (const window of quotaWindows(account)) {
      const key = `${account.accountId} ${window.label} ${window.resetAtMs ?? ''}`;
      const reached = MILESTONES.find((milestone) => window.usedPercent >= milestone) ?? 0;
      const before = told?.get(key) ?? 0;
      if (told !== null && reached > before)
        crossed.push({ accountId: account.accountId, window: window.label, percent: reached });
      next.set(key, window.usedPercent <= REARM_AT ? 0 : Math.max(before, reached));
    }
  }
  return { told: next, crossed };
}

/** Returns what stops it. */
export function startMilestones(): () => void {
  let told: Told | null = null;
  return effect(() => {
    if (accounts.value.length === 0) return;
    const look = crossings(accounts.value, told);
    told = look.told;
    for (const { accountId, window, percent } of look.crossed) {
      notify(percent >= ERROR_FROM ? 'error' : 'warn', noticeText.milestone(labelOf(accountId), window, percent));
    }
  });
}
