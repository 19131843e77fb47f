/** A quota book with a clock, and what it told. */
import { QuotaBook } from '../../../sidecar/quota/quota-book';
import type { LimitError } from '../../../sidecar/quota/limit-error';
import { windowsAt } from '../../../sidecar/quota/quota-view';
import { NOW } from './header-sets';

export const A = 'account-a';

export const NO_FACTS: LimitError = {
  code: 'usage_limit_reached',
  type: 'usage_limit_reached',
  planType: null,
  resetsAtMs: null,
  resetsInMs: null,
};

export class BookFixture {
  readonly plans: (readonly [planType: string, previous: string | null])[] = [];
  readonly lifted: string[] = [];
  readonly shortened: (readonly [accountId: string, untilMs: number])[] = [];
  readonly refused: string[] = [];
  nowMs = NOW;
  readonly book = new QuotaBook({
    planSeen: (_accountId, planType, previous) => void this.plans.push([planType, previous]),
    limitLifted: (accountId) => void this.lifted.push(accountId),
    limitShortened: (accountId, untilMs) => void this.shortened.push([accountId, untilMs]),
    refused: (accountId) => void this.refused.push(accountId),
  });

  headers(headers: readonly string[]): void {
    this.book.noteHeaders(A, headers, this.nowMs);
  }

  poll(usage: object): void {
    expect(this.book.noteUsage(A, JSON.stringify(usage), this.nowMs)).toBe(true);
  }

  event(event: object): void {
    this.book.noteEvent(A, JSON.stringify({ type: 'codex.rate_limits', ...event }), this.nowMs);
  }

  error(facts: Partial<LimitError> = {}, headers: readonly string[] = [], model: string | null = null): void {
    this.book.noteError(A, { ...NO_FACTS, ...facts }, { headers, model }, this.nowMs);
  }

  later(ms: number): void {
    this.nowMs += ms;
  }

  verdict(model: string | null = null) {
    return this.book.verdict(A, model, this.nowMs);
  }

  /** Class and percent of the account's own windows. */
  percents(family = 'codex'): Record<string, number> {
    const windows = windowsAt(this.book.snapshot(A), family, this.nowMs);
    return Object.fromEntries(windows.map((window) => [window.class, window.usedPercent]));
  }
}
