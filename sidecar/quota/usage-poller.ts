/** Polls the usage of every account with a login, a few at a time. Run by the scheduler, on the node that leads. */
import type { Clock } from '../platform/clock';
import { TightropeError } from '../platform/errors';
import type { Logger } from '../platform/logger';
import { PollSchedule, type PollState } from './poll-schedule';
import type { QuotaAccount, QuotaAccounts } from './quota-ports';
import type { UsageOutcome } from './usage-refresh';

export interface UsagePollerOptions {
  readonly accounts: Pick<QuotaAccounts, 'members'>;
  /** Asks upstream and takes in what it says. */
  readonly refresh: (account: QuotaAccount) => Promise<UsageOutcome>;
  /** UTC ms at which the account's own limit passes, `null` = it is not limited. */
  readonly returnAtMs: (accountId: string) => number | null;
  /** UTC ms of the last successful poll, of an earlier process too. */
  readonly lastPollAtMs: (accountId: string) => number | null;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly intervalMs: number;
  /** 0 to 1. @default Math.random */
  readonly random?: () => number;
}

const PARALLEL_POLLS = 2;

export class UsagePoller {
  readonly #options: UsagePollerOptions;
  readonly #schedule: PollSchedule;

  constructor(options: UsagePollerOptions) {
    this.#options = options;
    this.#schedule = new PollSchedule({ intervalMs: options.intervalMs, random: options.random ?? Math.random });
  }

  /** Polls every account that is due, until none is left or the signal aborts. */
  async runDue(signal: AbortSignal): Promise<void> {
    const { accounts, clock, lastPollAtMs } = this.#options;
    const members = new Map(accounts.members().map((account) => [account.id, account]));
    this.#schedule.sync([...members.keys()], lastPollAtMs, clock.now());
    const work = async (): Promise<void> => {
      while (!signal.aborted) {
        const account = members.get(this.#schedule.nextDue(clock.now()) ?? '');
        if (account === undefined) return;
        await this.#poll(account, signal);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_POLLS }, work));
  }

  /** Brings an account's next poll forward. */
  soon(accountId: string): void {
    this.#schedule.soon(accountId, this.#options.clock.now());
  }

  state(accountId: string): PollState | undefined {
    return this.#schedule.state(accountId);
  }

  /** What a refresh outside the schedule brought. */
  settle(accountId: string, outcome: UsageOutcome): void {
    const { clock, returnAtMs } = this.#options;
    const nowMs = clock.now();
    if (outcome.kind === 'usage') {
      this.#schedule.succeeded(accountId, returnAtMs(accountId), nowMs);
      return;
    }
    const retryAfterMs = outcome.kind === 'failed' ? outcome.retryAfterMs : null;
    const reason = `${outcome.code}: ${outcome.message}`;
    this.#schedule.failed(accountId, reason, retryAfterMs, nowMs);
    // The first failure is news, the following ones are the same news.
    const level = this.#schedule.state(accountId)?.failures === 1 ? 'warn' : 'debug';
    this.#options.logger[level]('usage_poll_failed', { accountId, reason });
  }

  async #poll(account: QuotaAccount, signal: AbortSignal): Promise<void> {
    this.#schedule.started(account.id);
    try {
      this.settle(account.id, await this.#options.refresh(account));
    } catch (error) {
      if (signal.aborted || (error instanceof TightropeError && error.code === 'shutting_down')) return;
      // A defect of ours must neither stop the other polls nor be repeated at once.
      this.#schedule.failed(account.id, 'internal_error', null, this.#options.clock.now());
      this.#options.logger.error('usage_poll_defect', { accountId: account.id, error });
    }
  }
}
