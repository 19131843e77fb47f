/** What people ask about one account's limits: everything that is known now, and how its use went. */
import { MAX_TREND_DAYS, type AccountQuota, type UsageTrend } from '../contract/quota';
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import { ACCOUNT_FAMILY } from './limit-families';
import type { PollState } from './poll-schedule';
import type { QuotaBook } from './quota-book';
import type { QuotaKeeper } from './quota-keeper';
import type { QuotaAccount } from './quota-ports';
import type { QuotaSnapshot } from './quota-snapshot';
import type { QuotaStore } from './quota-store';
import { additionalAt, verdictView, windowsAt } from './quota-view';
import { stepFor, stepMs, trendPoints, trendStartMs, type TrendStep } from './usage-trend';

export interface QuotaInquiryOptions {
  readonly book: QuotaBook;
  readonly store: QuotaStore;
  readonly keeper: QuotaKeeper;
  readonly clock: Clock;
}

const DEFAULT_TREND_DAYS = 7;

export class QuotaInquiry {
  readonly #options: QuotaInquiryOptions;

  constructor(options: QuotaInquiryOptions) {
    this.#options = options;
  }

  async quota({ id, planType }: QuotaAccount, poll: PollState | undefined): Promise<AccountQuota> {
    const { book, store, keeper, clock } = this.#options;
    await keeper.catchUp();
    const age = await store.historyAge(id);
    const nowMs = clock.now();
    const snapshot = book.snapshot(id);
    const { credits } = snapshot;
    return {
      accountId: id,
      planType: snapshot.plan?.value ?? planType,
      verdict: verdictView(book.verdict(id, null, nowMs)),
      windows: windowsAt(snapshot, ACCOUNT_FAMILY, nowMs),
      additional: additionalAt(snapshot, book.judgement(id), nowMs),
      credits: credits === null ? null : { ...credits.value, observedAtMs: credits.atMs },
      raw: book.record(id)?.raw() ?? [],
      history: { samples: age.samples, oldestAtMs: age.oldest_ms, newestAtMs: age.newest_ms },
      poll: {
        lastSuccessAtMs: poll?.lastSuccessAtMs ?? lastPollOf(snapshot),
        nextDueAtMs: poll === undefined || poll.dueAtMs === Infinity ? null : Math.round(poll.dueAtMs),
        failures: poll?.failures ?? 0,
        lastError: poll?.lastError ?? null,
      },
    };
  }

  /** @throws TightropeError `invalid_query` */
  async trend(accountId: string, days = DEFAULT_TREND_DAYS, by: TrendStep = stepFor(days)): Promise<UsageTrend> {
    if (!Number.isInteger(days) || days < 1 || days > MAX_TREND_DAYS) {
      const message = `days must be an integer from 1 to ${String(MAX_TREND_DAYS)}.`;
      throw new TightropeError('invalid_query', { message, param: 'days' });
    }
    const { store, keeper, clock } = this.#options;
    await keeper.catchUp();
    const sinceMs = trendStartMs(days, by, clock.now());
    const buckets = await store.trend(accountId, ACCOUNT_FAMILY, sinceMs, stepMs(by));
    return { accountId, days, by, points: trendPoints(buckets) };
  }
}

/** UTC ms of the last answer of a poll, `null` = none: only a poll names every limit there is. */
export function lastPollOf({ completeAtMs }: QuotaSnapshot): number | null {
  return completeAtMs < 0 ? null : completeAtMs;
}
