/** What an account's quota windows mean for people: one rule for every page (spec/ui.md 5.5). */
import type { Account } from '../../sidecar/contract/account';
import type { QuotaWindow, WindowClass } from '../../sidecar/contract/quota';

export interface QuotaView {
  readonly class: WindowClass;
  /** `5-hour`, `Weekly`, … */
  readonly label: string;
  /** 0 … 100 */
  readonly usedPercent: number;
  readonly remainingPercent: number;
  readonly windowSeconds: number | null;
  readonly resetAtMs: number | null;
  readonly observedAtMs: number | null;
}

export type QuotaTone = 'ok' | 'warn' | 'danger' | 'empty';

const HOUR_S = 3_600;
const DAY_S = 86_400;

/** Name of a window by its length, seconds. */
export function windowLabel(seconds: number | null): string {
  if (seconds === null) return 'Quota';
  if (seconds >= 27 * DAY_S && seconds <= 32 * DAY_S) return 'Monthly';
  if (seconds >= 6 * DAY_S && seconds <= 8 * DAY_S) return 'Weekly';
  if (seconds >= 20 * HOUR_S && seconds <= 28 * HOUR_S) return 'Daily';
  if (seconds >= 2 * DAY_S) return `${Math.round(seconds / DAY_S)}-day`;
  return `${Math.max(1, Math.round(seconds / HOUR_S))}-hour`;
}

/** The account's windows, shortest first; empty = upstream has not said anything yet. */
export function quotaWindows({ windows }: Pick<Account, 'windows'>): readonly QuotaView[] {
  return windows.map(quotaView).sort((one, other) => (one.windowSeconds ?? 0) - (other.windowSeconds ?? 0));
}

/** One window of the contract as it is shown. */
export function quotaView({
  class: kind,
  usedPercent,
  windowSeconds,
  resetAtMs,
  observedAtMs,
}: QuotaWindow): QuotaView {
  return {
    class: kind,
    label: windowLabel(windowSeconds),
    usedPercent,
    remainingPercent: 100 - usedPercent,
    windowSeconds,
    resetAtMs,
    observedAtMs,
  };
}

/** How worrying a remainder is (spec/ui.md 5.5). */
export function quotaTone(remainingPercent: number): QuotaTone {
  if (remainingPercent <= 0) return 'empty';
  if (remainingPercent < 15) return 'danger';
  return remainingPercent < 40 ? 'warn' : 'ok';
}

/** When this account's quota comes back soonest, UTC ms; `null` = not known. */
export function nextResetMs(account: Account): number | null {
  const resets = quotaWindows(account)
    .map(({ resetAtMs }) => resetAtMs)
    .filter((at) => at !== null);
  return resets.length === 0 ? null : Math.min(...resets);
}

/** What is left of the window that is nearest to its end; `null` = not known. */
export function tightestRemaining(account: Account): number | null {
  const windows = quotaWindows(account);
  return windows.length === 0 ? null : Math.min(...windows.map(({ remainingPercent }) => remainingPercent));
}

export interface PoolWindow {
  readonly class: 'short' | 'weekly';
  /** Mean remainder of the accounts that have this window and may serve; `null` = none has. */
  readonly remainingPercent: number | null;
  readonly accounts: readonly { readonly account: Account; readonly window: QuotaView }[];
  /** The next reset that gives something back. */
  readonly next: { readonly account: Account; readonly window: QuotaView } | null;
}

/** Accounts whose quota counts: switched off, dead and logged-out ones give nothing. */
export function countsForPool({ status }: Account): boolean {
  return status === 'active' || status === 'rate_limited' || status === 'quota_blocked';
}

/** One window of the whole pool. */
export function poolWindow(accounts: readonly Account[], wanted: 'short' | 'weekly'): PoolWindow {
  const parts = accounts.filter(countsForPool).flatMap((account) => {
    const window = quotaWindows(account).find((one) => one.class === wanted);
    return window === undefined ? [] : [{ account, window }];
  });
  const total = parts.reduce((sum, { window }) => sum + window.remainingPercent, 0);
  const resets = parts.filter(({ window }) => window.resetAtMs !== null && window.usedPercent > 0);
  resets.sort((one, other) => (one.window.resetAtMs ?? 0) - (other.window.resetAtMs ?? 0));
  return {
    class: wanted,
    remainingPercent: parts.length === 0 ? null : total / parts.length,
    accounts: parts,
    next: resets[0] ?? null,
  };
}
