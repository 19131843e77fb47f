/** What the pool did over a range of time: out of the sums, never out of the log's rows. */
import type { Report, ReportQuery, UsageFigures, UsagePoint } from '../contract/reports';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/database';
import type { LedgerService } from './ledger-service';
import { DIMENSION_OF, readReportQuery, type ReportRequest, type UsageRange } from './report-query';
import { figuresOf, NO_TURNS } from './usage-figures';
import { DAY_MS, HOUR_MS } from './usage-rollups';
import { UsageStore, type UsageColumn, type UsageSlice } from './usage-store';

export interface ReportsDependencies {
  readonly database: Pick<Database, 'read'>;
  readonly clock: Clock;
  readonly ledger: Pick<LedgerService, 'settled'>;
}

export class ReportsService {
  readonly #store: UsageStore;
  readonly #deps: ReportsDependencies;

  constructor(deps: ReportsDependencies) {
    this.#deps = deps;
    this.#store = new UsageStore(deps.database.read);
  }

  /** @throws TightropeError `invalid_query` naming the parameter */
  async report(query: ReportQuery): Promise<Report> {
    const request = readReportQuery(query, this.#deps.clock.now());
    const { sinceMs, untilMs, groupBy, by } = request;
    const before = { ...request, sinceMs: sinceMs - (untilMs - sinceMs), untilMs: sinceMs };
    await this.#deps.ledger.settled();
    const [series, groups, totals, previous] = await Promise.all([
      this.#points(request, ['start_at_ms']),
      by === null ? [] : this.#store.slices(request, [DIMENSION_OF[by]]),
      this.#total(request),
      this.#total(before),
    ]);
    return {
      sinceMs,
      untilMs,
      groupBy,
      by,
      totals,
      previous,
      series,
      groups: groups
        .map((slice) => ({ name: nameOf(slice, by), ...figuresOf(slice) }))
        .sort((a, b) => b.costUsd - a.costUsd || b.requests - a.requests),
    };
  }

  /** Every step, told apart by the grouping if there is one; oldest first. */
  async rows(query: ReportQuery): Promise<readonly UsagePoint[]> {
    const request = readReportQuery(query, this.#deps.clock.now());
    await this.#deps.ledger.settled();
    return this.#points(request, request.by === null ? ['start_at_ms'] : ['start_at_ms', DIMENSION_OF[request.by]]);
  }

  /** The last 24 hours by the hour, the present one included, and their sum. */
  async lastDay(): Promise<{ readonly total: UsageFigures; readonly hours: readonly UsagePoint[] }> {
    const untilMs = (Math.floor(this.#deps.clock.now() / HOUR_MS) + 1) * HOUR_MS;
    const range = { sinceMs: untilMs - DAY_MS, untilMs, spanMs: HOUR_MS, filter: {}, by: null };
    await this.#deps.ledger.settled();
    const [total, hours] = await Promise.all([this.#total(range), this.#points(range, ['start_at_ms'])]);
    return { total, hours };
  }

  async #total(range: UsageRange): Promise<UsageFigures> {
    const [slice] = await this.#store.slices(range, []);
    return figuresOf(slice ?? NO_TURNS);
  }

  async #points(range: UsageRange & Pick<ReportRequest, 'by'>, columns: readonly UsageColumn[]): Promise<UsagePoint[]> {
    const slices = await this.#store.slices(range, columns);
    return slices
      .map((slice) => {
        const startAtMs = Number(slice.place.start_at_ms);
        const startAt = new Date(startAtMs).toISOString();
        return { startAt, startAtMs, name: nameOf(slice, range.by), ...figuresOf(slice) };
      })
      .sort((a, b) => a.startAtMs - b.startAtMs || b.requests - a.requests);
  }
}

function nameOf({ place }: UsageSlice, by: ReportRequest['by']): string | null {
  const name = by === null ? undefined : place[DIMENSION_OF[by]];
  return name === undefined || name === '' ? null : String(name);
}
