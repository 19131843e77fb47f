/** One round of the background refresh: every login that is due, one after the other and never all at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { isLoginDead } from './account-health';
import { isProviderAway, type RefreshFailure } from './refresh-failure';
import { isInDoubt } from './refresh-intent';
import { isDue, type RefreshTimes, type SweepKind } from './refresh-times';
import type { Roster, RosterEntry } from './roster';
import type { ServingTokens } from './serving-tokens';
import { untilAborted } from './single-flight';

export interface RefreshSweepOptions {
  readonly roster: Roster;
  /** `TokenRefresh.refreshQuietly`. */
  readonly refresh: (accountId: string) => Promise<RefreshFailure | null>;
  readonly serving: ServingTokens;
  readonly times: RefreshTimes;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Waits; rejects when the signal aborts. Tests put their own here. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** What a sweep did. `postponed` = due, but left to the next one. */
export interface SweepReport {
  readonly due: number;
  readonly refreshed: number;
  readonly failed: number;
  readonly postponed: number;
}

/** After a long sleep of the machine every login is due: they are spread over half an interval, within these bounds. */
const LEAST_SPACING_MS = 50;
const MOST_SPACING_MS = 1_000;
/** So many in a row that the provider did not answer, and the network or the provider is away: more would fail as well. */
const AWAY_AFTER_FAILURES = 2;

export class RefreshSweep {
  readonly #options: RefreshSweepOptions;

  constructor(options: RefreshSweepOptions) {
    this.#options = options;
  }

  /** Ends early, without an error, when the signal aborts; a refresh under way then goes on by itself. */
  async run(sweep: SweepKind, signal: AbortSignal): Promise<SweepReport> {
    const { roster, refresh, logger } = this.#options;
    const due = this.#due(sweep);
    const spacingMs = this.#spacingMs(due.length);
    let refreshed = 0;
    let failed = 0;
    let away = 0;
    let done = 0;
    for (const { facts } of due) {
      if (done > 0) await this.#pause(spacingMs * (1 + Math.random() / 2), signal);
      if (signal.aborted) break;
      const entry = roster.get(facts.id);
      done += 1;
      // A request may have seen to it meanwhile.
      if (entry === undefined || !this.#isDue(entry, sweep)) continue;
      const failure = await this.#unlessStopped(refresh(facts.id), signal);
      if (failure === undefined) break;
      away = failure !== null && isProviderAway(failure) ? away + 1 : 0;
      if (failure === null) refreshed += 1;
      else failed += 1;
      if (away === AWAY_AFTER_FAILURES) break;
    }
    const report = { due: due.length, refreshed, failed, postponed: due.length - done };
    if (report.due > 0) logger.info('token_refresh_sweep', { sweep, ...report });
    return report;
  }

  /** Those whose access token ends first go first. */
  #due(sweep: SweepKind): RosterEntry[] {
    const endOf = ({ facts }: RosterEntry): number => facts.access_token_expires_at_ms ?? Infinity;
    const due = this.#options.roster.all().filter((entry) => this.#isDue(entry, sweep));
    return due.sort((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)));
  }

  /** Paused accounts too: their logins are to last. One in doubt only has to be told apart once its token has ended. */
  #isDue(entry: RosterEntry, sweep: SweepKind): boolean {
    const { times, clock, serving } = this.#options;
    const { facts, tokens } = entry;
    if (tokens === null || tokens.refreshToken === null || isLoginDead(facts.status)) return false;
    if (isInDoubt(entry)) return facts.status !== 'paused' && !serving.serves(entry);
    return isDue(facts, sweep, times, clock.now());
  }

  #spacingMs(due: number): number {
    const spread = this.#options.times.checkIntervalMs / 2 / Math.max(1, due);
    return Math.min(Math.max(spread, LEAST_SPACING_MS), MOST_SPACING_MS);
  }

  /** `undefined` when the signal came first: a refresh under way is not waited for, and goes on by itself. */
  async #unlessStopped<T>(refresh: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await untilAborted(refresh, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const { pause = unhurried } = this.#options;
    await pause(ms, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

async function unhurried(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: false });
}
